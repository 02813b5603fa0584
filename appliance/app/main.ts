// SPDX-License-Identifier: AGPL-3.0-only
/** The entry of the binary, and the only file with side effects: a role for children, otherwise the command line. */
// Whatever this process and its children write is for their owner alone.
process.umask(0o077);
const words = process.argv.slice(2);
if (words[0] === "--role=engine") {
  const { runEngineChild } = await import("../inference/engine/index.ts");
  await runEngineChild(words.slice(1));
} else if (words[0] === "--role=install") {
  const { installNativeFiles } = await import("./install-native-files.ts");
  await installNativeFiles(process.env.HEARTH_HOME ?? "");
} else if (words[0] === "--role=check-database") {
  const { checkDatabase } = await import("./check-database.ts");
  checkDatabase(words[1] ?? "");
} else {
  const { runMain } = await import("./run-main.ts");
  process.exit(await runMain(words));
}

export {};

// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { silentLogger } from "../../../../shared/logging/index.ts";
import { selfCheckNativeRuntime } from "../../../inference/native-runtime/index.ts";
import { readConfig } from "../../config.ts";
import { dataFolder, prepareDataFolder } from "../../data-folder.ts";
import { version } from "../../version.ts";
import type { CommandRunner } from "../command-runner.ts";
import { formatBytes } from "../format.ts";

/** `hearth self-check`: whether this very file is whole and can run here; loads the native library, touches no data, makes no data folder. */
export function addSelfCheckCommand(program: Command, runner: CommandRunner): void {
  const command = program.command("self-check").description("whether this file is whole and can run on this machine");
  runner.attach(command, async (context) => {
    const { home } = readConfig(context.io.environment);
    using place = placeToInstall(home);
    const native = await selfCheckNativeRuntime({ home: place.path, logger: silentLogger });
    const text = native.isOk
      ? [
          `hearth ${version} for ${native.target}, Bun ${native.bunVersion}\n`,
          `llama.cpp ${native.llamaCppRelease} (${native.variant}), ${native.gpu === false ? "on the processor" : `on ${native.gpu}`}\n`,
          `${native.checkedFiles} files checked, ${formatBytes(native.checkedBytes)}, in ${native.durationMs.toFixed(0)} ms\n`,
        ].join("")
      : `${native.message}\n${native.remedy === undefined ? "" : `  ${native.remedy}\n`}`;
    return { json: { version, native }, text, exitCode: native.isOk ? 0 : 1 };
  });
}

/** The data folder, or, when there is none yet, a folder that is removed afterwards: a check must leave nothing behind. */
function placeToInstall(home: string): Disposable & { readonly path: string } {
  if (existsSync(home)) {
    prepareDataFolder(dataFolder(home));
    return { path: home, [Symbol.dispose]: () => undefined };
  }
  const path = mkdtempSync(join(tmpdir(), "hearth-self-check-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

// SPDX-License-Identifier: AGPL-3.0-only

/**
 * The entry of `--role=engine`. Loads the native side only here: the box itself imports this module too, and must not
 * pay for a library that only its child uses. Never returns while the parent lives.
 */
export async function runEngineChild(argv: readonly string[]): Promise<void> {
  const child = await import("./child/run-engine-child.ts");
  await child.runEngineChild(argv);
}

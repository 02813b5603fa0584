// SPDX-License-Identifier: AGPL-3.0-only
import { bundleConsole } from "./build-console.ts";
import type { ConsoleAssets } from "./console-assets.ts";

/**
 * The built console. Run from source this bundles it in memory; the build of the binary puts a module in this one's
 * place that returns the files it embedded.
 */
export async function loadConsoleAssets(): Promise<ConsoleAssets> {
  return bundleConsole();
}

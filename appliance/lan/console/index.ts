// SPDX-License-Identifier: AGPL-3.0-only
export type { ConsoleManifest } from "./build-console.ts";
export { buildConsole } from "./build-console.ts";
export type { ConsoleAsset, ConsoleAssets } from "./console-assets.ts";
export { contentSecurityPolicy, createConsoleRoutes } from "./console-routes.ts";
export { loadConsoleAssets } from "./load-console-assets.ts";

// SPDX-License-Identifier: AGPL-3.0-only
export type { Settings, SettingsDependencies } from "./create-settings.ts";
export { createSettings } from "./create-settings.ts";

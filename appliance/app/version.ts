// SPDX-License-Identifier: AGPL-3.0-only
import packageJson from "../../package.json" with { type: "json" };

/** The version of this build, as in package.json. */
export const version: string = packageJson.version;

/** No box of this version can have run before this day (UTC); a clock that says so is wrong. */
export const releaseDayMs: number = Date.parse("2026-11-22");

// SPDX-License-Identifier: AGPL-3.0-only
import packageJson from "../../package.json" with { type: "json" };

/** The version of this build, as in package.json. */
export const version: string = packageJson.version;

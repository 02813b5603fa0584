// SPDX-License-Identifier: AGPL-3.0-only
export { parseJson } from "./parse-json.ts";

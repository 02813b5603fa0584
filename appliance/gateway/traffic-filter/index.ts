// SPDX-License-Identifier: AGPL-3.0-only
export type { CleanResult } from "./clean-text.ts";
export { cleanText } from "./clean-text.ts";
export type { Finding } from "./finding.ts";
export { findingCodes } from "./finding.ts";

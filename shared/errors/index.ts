// SPDX-License-Identifier: AGPL-3.0-only
export { assertNever } from "./assert-never.ts";
export type { HearthErrorOptions } from "./hearth-error.ts";
export { HearthError, isHearthError } from "./hearth-error.ts";
export { toHearthError } from "./to-hearth-error.ts";

// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError, isHearthError } from "./hearth-error.ts";

/** Normalises whatever was thrown, once at each edge (HTTP, adapter, CLI, worker). Keeps the original as `cause`. */
export function toHearthError(thrown: unknown, fallbackCode = "internal"): HearthError {
  if (isHearthError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new HearthError({ code: fallbackCode, message, cause: thrown });
}

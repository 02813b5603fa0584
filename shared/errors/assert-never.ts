// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "./hearth-error.ts";

/** Makes a `switch` over a union exhaustive: a new member fails to compile where this is called. */
export function assertNever(value: never): never {
  throw new HearthError({ code: "unreachable", message: `unexpected value ${JSON.stringify(value)}` });
}

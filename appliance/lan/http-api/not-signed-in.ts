// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";

/** A 401 that says how to get in. */
export function notSignedIn(): HearthError {
  return new HearthError({
    code: "not-signed-in",
    message: "This needs somebody who is signed in, or a key.",
    remedy: "Open the link that 'hearth open' prints, or send a key as 'Authorization: Bearer hk_…'.",
  });
}

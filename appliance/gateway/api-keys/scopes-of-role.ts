// SPDX-License-Identifier: AGPL-3.0-only
import type { Role } from "../access-control/index.ts";
import { type ApiKeyScope, apiKeyScopes } from "./api-key-types.ts";

/** The scopes that a key of a person with this role can have. A key never does more than its person may. */
export function scopesOfRole(role: Role): readonly ApiKeyScope[] {
  switch (role) {
    case "owner":
    case "operator":
      return apiKeyScopes;
    case "member":
      return ["models", "agent"];
    case "guest":
      return [];
  }
}

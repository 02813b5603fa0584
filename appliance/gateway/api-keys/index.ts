// SPDX-License-Identifier: AGPL-3.0-only
export type {
  ApiKey,
  ApiKeyHolder,
  ApiKeyScope,
  ApiKeys,
  ApiKeyVerification,
  NewApiKey,
} from "./api-key-types.ts";
export { apiKeyScopes } from "./api-key-types.ts";
export type { ApiKeysDependencies } from "./create-api-keys.ts";
export { createApiKeys } from "./create-api-keys.ts";
export { scopesOfRole } from "./scopes-of-role.ts";

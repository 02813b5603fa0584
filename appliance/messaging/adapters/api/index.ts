// SPDX-License-Identifier: AGPL-3.0-only
export { apiManifest, createApiAdapter } from "./create-api-adapter.ts";

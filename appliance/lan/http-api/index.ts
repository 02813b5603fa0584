// SPDX-License-Identifier: AGPL-3.0-only
export * from "./api-types.ts";

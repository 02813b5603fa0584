// SPDX-License-Identifier: AGPL-3.0-only
export type { KeyOwner, ValuePlace, Vault } from "./vault.ts";

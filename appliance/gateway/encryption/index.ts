// SPDX-License-Identifier: AGPL-3.0-only
export type { CreateVaultOptions, ManagedVault } from "./create-vault.ts";
export { createVault } from "./create-vault.ts";
export type { EncryptionErrorCode } from "./encryption-error.ts";
export type { LoadMasterKeyOptions } from "./load-master-key.ts";
export { loadMasterKey } from "./load-master-key.ts";
export type { OpenVaultOptions } from "./open-vault.ts";
export { openVault } from "./open-vault.ts";
export type { KeyOwner, ValuePlace, Vault } from "./vault.ts";

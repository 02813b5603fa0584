// SPDX-License-Identifier: AGPL-3.0-only

/** What this module throws. */
export type EncryptionErrorCode =
  | "key-destroyed"
  | "key-missing"
  | "master-key-damaged"
  | "master-key-missing"
  | "master-key-open-to-others"
  | "master-key-unreadable"
  | "master-key-wrong"
  | "passphrase-needed"
  | "passphrase-not-used"
  | "passphrase-wrong"
  | "value-tampered"
  | "vault-closed";

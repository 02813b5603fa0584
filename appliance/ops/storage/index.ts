// SPDX-License-Identifier: AGPL-3.0-only
export type { DataLock, DataLockHolder, DataLockResult } from "./data-lock.ts";
export { acquireDataLock } from "./data-lock.ts";
export type { Migration } from "./migrations/index.ts";
export { migrations } from "./migrations/index.ts";
export type { OpenStorageOptions } from "./open-storage.ts";
export { openStorage } from "./open-storage.ts";
export type { Storage } from "./storage.ts";
export type { StorageErrorCode } from "./storage-error.ts";

// SPDX-License-Identifier: AGPL-3.0-only
export type { Storage } from "./storage.ts";

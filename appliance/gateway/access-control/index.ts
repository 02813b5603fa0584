// SPDX-License-Identifier: AGPL-3.0-only
export type { Admission, AdmissionReason, ChannelPolicy, Role, Sender } from "./types.ts";

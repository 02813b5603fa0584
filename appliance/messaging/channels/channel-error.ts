// SPDX-License-Identifier: AGPL-3.0-only

/** Codes of the errors of this module. */
export type ChannelErrorCode =
  | "channel-unknown"
  | "channel-exists"
  | "channel-built-in"
  | "channel-name-invalid"
  | "channel-kind-unknown"
  | "channel-config-invalid"
  | "fetch-blocked"
  | "fetch-timeout"
  | "fetch-too-large"
  | "state-too-large";

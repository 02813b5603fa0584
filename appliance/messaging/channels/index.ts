// SPDX-License-Identifier: AGPL-3.0-only

export type { AdapterStateStore } from "./adapter-state-store.ts";
export { createAdapterStateStore } from "./adapter-state-store.ts";
export type { ChannelErrorCode } from "./channel-error.ts";
export type { ChannelRecord, ChannelView } from "./channel-record.ts";
export type { ChannelStore } from "./channel-store.ts";
export { createChannelStore } from "./channel-store.ts";
export type { AdapterHostDeps } from "./create-adapter-host.ts";
export { createAdapterHost } from "./create-adapter-host.ts";
export type {
  BuiltInChannel,
  ChannelChanges,
  ChannelKinds,
  ChannelManager,
  ChannelManagerDeps,
  NewChannel,
} from "./create-channel-manager.ts";
export { createChannelManager } from "./create-channel-manager.ts";
export { createGuardedFetch } from "./guarded-fetch.ts";

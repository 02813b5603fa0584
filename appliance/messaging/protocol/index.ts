// SPDX-License-Identifier: AGPL-3.0-only
export type {
  Adapter,
  AdapterHost,
  AdapterModule,
  ConnectionState,
  LoginStep,
  StatePuts,
  TypingNotice,
} from "./adapter.ts";
export type { InboundEvent } from "./inbound.ts";
export { inboundEventSchema, maxInboundTextLength } from "./inbound.ts";
export { isBlockedAddress } from "./is-blocked-address.ts";
export type { AdapterManifest, CapabilityLevel, ChatCapabilities } from "./manifest.ts";
export { adapterManifestSchema, capabilityLevelSchema, chatCapabilitiesSchema } from "./manifest.ts";
export type { Outbound, SendResult } from "./outbound.ts";

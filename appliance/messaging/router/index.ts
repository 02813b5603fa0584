// SPDX-License-Identifier: AGPL-3.0-only
export { backOffMs } from "./back-off-ms.ts";
export type { AttachedChannel, ChannelPort } from "./channel-port.ts";
export type { AdapterDoor, Admitted, Router, RouterStats } from "./create-router.ts";
export { createRouter } from "./create-router.ts";
export type {
  GateQuestion,
  MessageCount,
  MessageGate,
  MessageStorage,
  MessageVault,
  RouterDeps,
  RouterOptions,
} from "./ports.ts";
export type { LiveEvent, MessageRouter } from "./types.ts";

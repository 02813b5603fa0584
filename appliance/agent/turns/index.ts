// SPDX-License-Identifier: AGPL-3.0-only
export { createAgent } from "./create-agent.ts";
export type { ReplyReading } from "./guide-reading.ts";
export { createGuideReading } from "./guide-reading.ts";
export type { AgentDeps, AgentOptions } from "./ports.ts";
export type { Agent, RunningTurn, TurnEvent, TurnRequest } from "./types.ts";

// SPDX-License-Identifier: AGPL-3.0-only
export type { Agent, RunningTurn, TurnEvent, TurnRequest } from "./types.ts";

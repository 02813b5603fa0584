// SPDX-License-Identifier: AGPL-3.0-only
import type { Status } from "../../../http-api/index.ts";

/** Something that waits for whoever runs the box. */
export type Need =
  | { readonly kind: "not-ready"; readonly problem: string | undefined }
  | { readonly kind: "engine-down" | "engine-restarting"; readonly problem: string | undefined }
  | { readonly kind: "pairings" | "channels-failing" | "dead-letters" | "unknown-sends"; readonly count: number };

/** Whether the box is well: `starting` passes by itself, `broken` answers nobody. */
export type Wellness = "well" | "attention" | "starting" | "broken";

/** What of a status needs somebody, the most urgent first. */
export function findNeeds(status: Status): readonly Need[] {
  const needs: Need[] = [];
  const { engine, queues } = status;
  if (engine.state === "down") needs.push({ kind: "engine-down", problem: engine.problem });
  else if (engine.state === "restarting") needs.push({ kind: "engine-restarting", problem: engine.problem });
  else if (!status.isReady && engine.state !== "starting") needs.push({ kind: "not-ready", problem: status.problem });
  if (status.pendingPairings > 0) needs.push({ kind: "pairings", count: status.pendingPairings });
  if (status.channels.failing > 0) needs.push({ kind: "channels-failing", count: status.channels.failing });
  if (queues.deadLetters > 0) needs.push({ kind: "dead-letters", count: queues.deadLetters });
  if (queues.unknown > 0) needs.push({ kind: "unknown-sends", count: queues.unknown });
  return needs;
}

/** How the box is, in one word. */
export function judgeWellness(status: Status): Wellness {
  const needs = findNeeds(status);
  if (needs.some((need) => need.kind === "engine-down" || need.kind === "not-ready")) return "broken";
  if (status.engine.state === "starting" && !status.isReady) return "starting";
  return needs.length > 0 ? "attention" : "well";
}

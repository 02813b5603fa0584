// SPDX-License-Identifier: AGPL-3.0-only
import type { FinishReason } from "../../../inference/engine/index.ts";

/** Why an answer ended, in OpenAI's words; one that was cancelled ended where it was stopped. */
export function toFinishReason(reason: FinishReason): "stop" | "length" | "tool_calls" {
  if (reason === "tool-calls") return "tool_calls";
  return reason === "length" ? "length" : "stop";
}

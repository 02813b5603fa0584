// SPDX-License-Identifier: AGPL-3.0-only
import type { FinishReason, TokenLogprob, ToolCall, Usage } from "../../inference/engine/index.ts";
import type { OpenAiFailure } from "./openai-failure.ts";

/**
 * What an answer says while it is made, whoever makes it: a bare engine or the whole agent. Exactly one `ended` or
 * `failed` closes it; it never rejects.
 */
export type CompletionEvent =
  /** In a queue, or the engine was restarted: nothing to say to the client but that the line is alive. */
  | { readonly type: "waiting" }
  | { readonly type: "started"; readonly model: string }
  | { readonly type: "delta"; readonly text: string; readonly logprobs?: readonly TokenLogprob[] }
  | { readonly type: "tool-call"; readonly index: number; readonly call: ToolCall }
  | { readonly type: "ended"; readonly reason: FinishReason; readonly usage: Usage }
  | { readonly type: "failed"; readonly failure: OpenAiFailure };

/** An event of the answer number `choice`, out of the `n` that were asked for. */
export interface ChoiceEvent {
  readonly choice: number;
  readonly event: CompletionEvent;
}

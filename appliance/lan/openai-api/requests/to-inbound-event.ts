// SPDX-License-Identifier: AGPL-3.0-only
import type { InboundEvent } from "../../../messaging/protocol/index.ts";
import type { OpenAiApiDeps, OpenAiCaller } from "../openai-api-deps.ts";

/** What a call of the model `hearth` says, and in which conversation. */
export interface AgentCall {
  readonly text: string;
  /** The request's `user`: it names the conversation, whose history the box keeps. */
  readonly user: string | undefined;
  readonly request: Request;
}

/**
 * The message of a call as any channel would admit it. The conversation is the caller's own whatever `user` says: the
 * person's id comes first. A repeated `Idempotency-Key` is the same event, so a repeated call meets the same answer.
 */
export function toInboundEvent(
  deps: Pick<OpenAiApiDeps, "clock" | "randomId">,
  caller: OpenAiCaller,
  call: AgentCall,
): InboundEvent {
  const conversation = `${caller.person}/${call.user ?? "default"}`;
  const idempotencyKey = call.request.headers.get("idempotency-key")?.slice(0, 256);
  return {
    eventId: idempotencyKey ? `${caller.tenant}/${idempotencyKey}` : `${caller.tenant}/${deps.randomId()}`,
    lane: conversation,
    conversation,
    isGroup: false,
    sender: { address: caller.person, isVerified: true },
    kind: "message",
    text: call.text,
    sentMs: deps.clock.now(),
  };
}

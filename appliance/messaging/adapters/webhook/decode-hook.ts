// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { InboundEvent } from "../../protocol/index.ts";

// Half a surrogate pair has no UTF-8: two names with different halves would be one and the same in the database.
const nameSchema = z
  .string()
  .min(1)
  .max(256)
  .refine((name) => name.isWellFormed(), "not valid Unicode");

const hookSchema = z.object({
  id: nameSchema,
  from: nameSchema,
  text: z.string().overwrite((text) => text.toWellFormed()),
  conversation: nameSchema.exactOptional(),
});

/** A decoded body, or what is wrong with it, for whoever sent it. */
export type DecodedHook =
  | { readonly isOk: true; readonly event: InboundEvent }
  | { readonly isOk: false; readonly problem: string };

/** Decodes a body of the webhook contract. Pure; never throws. `receivedMs` stands in for a time the contract lacks. */
export function decodeHook(body: Uint8Array, receivedMs: number): DecodedHook {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // The cause would repeat parts of the body; what to say is the same either way.
    return { isOk: false, problem: "the body is not JSON in UTF-8" };
  }
  const parsed = hookSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined || issue.path.length === 0 ? "the body" : `"${issue.path.join(".")}"`;
    return { isOk: false, problem: `${place} is not as expected: ${issue?.message ?? "invalid"}` };
  }
  const { id, from, text } = parsed.data;
  const conversation = parsed.data.conversation ?? from;
  const event: InboundEvent = {
    eventId: id,
    lane: conversation,
    conversation,
    isGroup: false,
    // Whoever holds the secret vouches for the name.
    sender: { address: from, isVerified: true },
    kind: "message",
    text,
    messageId: id,
    sentMs: receivedMs,
  };
  return { isOk: true, event };
}

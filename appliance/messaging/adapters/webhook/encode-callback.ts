// SPDX-License-Identifier: AGPL-3.0-only
import type { Outbound } from "../../protocol/index.ts";

/** The body of a reply as the webhook contract has it. Pure. */
export function encodeCallback(outbound: Outbound): Uint8Array<ArrayBuffer> {
  const { clientId, inReplyTo, to, text } = outbound;
  return new TextEncoder().encode(JSON.stringify({ id: clientId, in_reply_to: inReplyTo ?? null, to, text }));
}

// SPDX-License-Identifier: AGPL-3.0-only
import { decodeHook, encodeCallback, webhookManifest } from "../../../appliance/messaging/adapters/webhook/index.ts";
import { adapterConformance } from "./adapter-conformance.ts";
import { makeWebhookRig, webhookSecret } from "./webhook-rig.ts";

adapterConformance({
  manifest: webhookManifest,
  capabilities: webhookManifest.capabilities,
  makeRig: makeWebhookRig,
  secrets: [webhookSecret, "ada-canary"],
  decode(frame) {
    const decoded = decodeHook(new TextEncoder().encode(frame), 1_767_225_600_000);
    return decoded.isOk ? decoded.event : undefined;
  },
  decodeVectors: [
    {
      name: "the smallest message",
      frame: '{"id":"1","from":"ada","text":"hello"}',
      event: {
        eventId: "1",
        lane: "ada",
        conversation: "ada",
        isGroup: false,
        sender: { address: "ada", isVerified: true },
        text: "hello",
        messageId: "1",
      },
    },
    {
      name: "a conversation of its own, and what the contract does not name is left alone",
      frame: '{"id":"2","from":"ada","text":"你好","conversation":"ticket-7","more":[1,{"a":null}]}',
      event: { eventId: "2", lane: "ticket-7", conversation: "ticket-7", text: "你好" },
    },
    { name: "no id", frame: '{"from":"ada","text":"hello"}', event: undefined },
    { name: "a number for an id", frame: '{"id":3,"from":"ada","text":"hello"}', event: undefined },
    {
      name: "half surrogate pairs in a text become U+FFFD",
      frame: String.raw`{"id":"4","from":"ada","text":"a\ud83d b\udc00 \ud83d\ude00"}`,
      event: { eventId: "4", text: "a\ufffd b\ufffd 😀" },
    },
    ...["id", "from", "conversation"].map((name) => ({
      name: `half a surrogate pair in "${name}", which could not be told from another`,
      frame: JSON.stringify({ id: "5", from: "ada", text: "hello", [name]: "a\ud800" }),
      event: undefined,
    })),
    { name: "not JSON", frame: "id=1&from=ada", event: undefined },
  ],
  encode: (outbound) => new TextDecoder().decode(encodeCallback(outbound)),
  encodeVectors: [
    {
      outbound: { clientId: "c1", conversation: "ada", to: "ada", text: 'say "hi" 你好', inReplyTo: "1", attempt: 1 },
      frame: '{"id":"c1","in_reply_to":"1","to":"ada","text":"say \\"hi\\" 你好"}',
    },
    {
      outbound: { clientId: "c2", conversation: "t", to: "ada", text: "", attempt: 3 },
      frame: '{"id":"c2","in_reply_to":null,"to":"ada","text":""}',
    },
  ],
});

// SPDX-License-Identifier: AGPL-3.0-only
import { decodeWebChatFrame, webChatManifest } from "../../../appliance/messaging/adapters/web-chat/index.ts";
import { createId } from "../../../shared/ids/index.ts";
import { adapterConformance } from "./adapter-conformance.ts";
import { makeWebChatRig } from "./web-chat-rig.ts";

const person = createId("person", 1_767_225_600_000);

adapterConformance({
  manifest: webChatManifest,
  capabilities: webChatManifest.capabilities,
  makeRig: makeWebChatRig,
  secrets: [],
  decode: (frame) => decodeWebChatFrame(frame, person, 1_767_225_600_000),
  decodeVectors: [
    {
      name: "a message",
      frame: '{"type":"send","id":"m1","conversation":"c1","text":"你好","language":"zh-CN"}',
      event: {
        eventId: `${person}/c1/m1`,
        lane: `${person}/c1`,
        conversation: `${person}/c1`,
        isGroup: false,
        sender: { address: person, isVerified: true },
        text: "你好",
        messageId: "m1",
        language: "zh-CN",
      },
    },
    {
      name: "a longer message",
      frame: `{"type":"send","id":"m2","conversation":"c1","text":"${"many words ".repeat(30)}"}`,
      event: { eventId: `${person}/c1/m2`, text: "many words ".repeat(30) },
    },
    { name: "a resume", frame: '{"type":"resume","conversation":"c1","afterSequence":3}', event: undefined },
    {
      name: "a conversation that would reach into another's",
      frame: '{"type":"send","id":"m1","conversation":"../c1","text":"x"}',
      event: undefined,
    },
    {
      name: "a person of its own choice",
      frame: '{"type":"send","id":"m1","conversation":"c1","text":"x","person":"per_1"}',
      event: undefined,
    },
  ],
  encode: (outbound) => outbound.text,
  encodeVectors: [],
});

// SPDX-License-Identifier: AGPL-3.0-only
import {
  decodeStanza,
  encodeMessage,
  parseStanza,
  xmppManifest,
} from "../../../appliance/messaging/adapters/xmpp/index.ts";
import { hasProsody } from "../../fixtures/prosody/start-prosody.ts";
import { adapterConformance } from "./adapter-conformance.ts";
import { makeXmppRig, xmppPassword } from "./xmpp-rig.ts";

const nowMs = 1_767_225_600_000;
const context = { self: "box@example.org", nicks: new Map([["lab@rooms.example.org", "Hearth"]]), nowMs };

adapterConformance(
  {
    manifest: xmppManifest,
    capabilities: xmppManifest.capabilities,
    makeRig: makeXmppRig,
    secrets: [xmppPassword, "adacanary"],
    decode(frame) {
      const stanza = parseStanza(frame);
      if (stanza === undefined) return undefined;
      const decoded = decodeStanza(stanza, context);
      return decoded.kind === "message" ? decoded.event : undefined;
    },
    decodeVectors: [
      {
        name: "a chat message",
        frame:
          "<message from='Ada@Example.org/phone' to='box@example.org' type='chat' id='m1' xml:lang='de'><body>Gr&#252;&#223;e &amp; Fragen</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/><request xmlns='urn:xmpp:receipts'/></message>",
        event: {
          lane: "ada@example.org",
          conversation: "ada@example.org",
          isGroup: false,
          sender: { address: "ada@example.org", isVerified: true },
          text: "Grüße & Fragen",
          messageId: "m1",
          sentMs: nowMs,
          language: "de",
        },
      },
      {
        name: "a delayed one",
        frame:
          "<message from='ada@example.org/x' type='chat'><body>late</body><delay xmlns='urn:xmpp:delay' stamp='2025-12-31T23:00:00Z'/></message>",
        event: { text: "late", sentMs: nowMs - 3_600_000 },
      },
      {
        name: "a stamp from the future is not believed",
        frame:
          "<message from='ada@example.org/x' type='chat'><body>late</body><delay xmlns='urn:xmpp:delay' stamp='2999-01-01T00:00:00Z'/></message>",
        event: { sentMs: nowMs },
      },
      {
        name: "spoken to in a room",
        frame:
          "<message from='lab@rooms.example.org/Ada' type='groupchat' id='g1'><body>hearth, what is up?</body></message>",
        event: {
          conversation: "lab@rooms.example.org",
          isGroup: true,
          sender: { address: "lab@rooms.example.org/Ada", displayName: "Ada", isVerified: false },
          text: "what is up?",
        },
      },
      {
        name: "not spoken to in a room",
        frame: "<message from='lab@rooms.example.org/Ada' type='groupchat'><body>I love my hearth</body></message>",
        event: undefined,
      },
      {
        name: "own message in a room",
        frame: "<message from='lab@rooms.example.org/Hearth' type='groupchat'><body>Hearth: hi</body></message>",
        event: undefined,
      },
      {
        name: "own message, as a carbon or another client would show it",
        frame: "<message from='box@example.org/phone' type='chat'><body>note to self</body></message>",
        event: undefined,
      },
      {
        name: "a carbon that a stranger made up",
        frame:
          "<message from='eve@example.org'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message from='ada@example.org' type='chat'><body>trust me</body></message></forwarded></received></message>",
        event: undefined,
      },
      {
        name: "an error",
        frame: "<message from='ada@example.org' type='error' id='c1'><body>hello</body></message>",
        event: undefined,
      },
      {
        name: "typing",
        frame:
          "<message from='ada@example.org' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
        event: undefined,
      },
      {
        name: "an announcement of the server",
        frame: "<message from='example.org' type='normal'><body>going down at noon</body></message>",
        event: undefined,
      },
      { name: "presence", frame: "<presence from='ada@example.org/x'/>", event: undefined },
    ],
    encode: (outbound) => encodeMessage(outbound, context.nicks.has(outbound.conversation)).toString(),
    encodeVectors: [
      {
        outbound: {
          clientId: "c1",
          conversation: "ada@example.org",
          to: "ada@example.org",
          text: "1 < 2 & \u0007 你好",
          attempt: 1,
        },
        frame:
          '<message to="ada@example.org" type="chat" id="c1"><body>1 &lt; 2 &amp; \ufffd 你好</body><origin-id xmlns="urn:xmpp:sid:0" id="c1"/><request xmlns="urn:xmpp:receipts"/><active xmlns="http://jabber.org/protocol/chatstates"/></message>',
      },
      {
        outbound: {
          clientId: "c2",
          conversation: "lab@rooms.example.org",
          to: "lab@rooms.example.org/Ada",
          text: "fine",
          attempt: 1,
        },
        frame:
          '<message to="lab@rooms.example.org" type="groupchat" id="c2"><body>Ada: fine</body><origin-id xmlns="urn:xmpp:sid:0" id="c2"/></message>',
      },
    ],
  },
  hasProsody,
);

// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { decodeStanza } from "./decode-stanza.ts";
import { parseStanza } from "./parse-stanza.ts";

const context = { self: "box@example.org", nicks: new Map<string, string>(), nowMs: 1_767_225_600_000 };

function eventId(frame: string, changes: { archiveId?: string; nowMs?: number } = {}): string {
  const stanza = parseStanza(frame);
  if (stanza === undefined) throw new Error(`not a stanza: ${frame}`);
  const decoded = decodeStanza(stanza, { ...context, ...changes });
  if (decoded.kind !== "message") throw new Error(`not a message: ${decoded.kind}`);
  return decoded.event.eventId;
}

const from = "from='ada@example.org/phone' type='chat'";
const origin = (id: string) => `<origin-id xmlns='urn:xmpp:sid:0' id='${id}'/>`;
const serverId = (id: string, by = "box@example.org") => `<stanza-id xmlns='urn:xmpp:sid:0' id='${id}' by='${by}'/>`;

test("the same message has the same id live, delayed, and out of the archive", () => {
  const live = eventId(`<message ${from} id='1'><body>hi</body>${origin("o1")}${serverId("s1")}</message>`);
  expect(
    eventId(
      `<message ${from} id='1'><body>hi</body>${origin("o1")}${serverId("s2")}<delay xmlns='urn:xmpp:delay' stamp='2025-12-01T00:00:00Z'/></message>`,
    ),
  ).toBe(live);
  expect(
    eventId(`<message from='ada@example.org/laptop' type='chat' id='1'><body>hi</body>${origin("o1")}</message>`, {
      archiveId: "s9",
    }),
  ).toBe(live);
  const plain = eventId(`<message ${from} id='1'><body>hi</body>${serverId("s1")}</message>`);
  expect(eventId(`<message ${from} id='1'><body>hi</body></message>`, { archiveId: "s1" })).toBe(plain);
});

test("saying the same twice is two messages, whatever ids the sender's client makes", () => {
  const ids = [
    eventId(`<message ${from} id='1'><body>yes</body>${serverId("s1")}</message>`),
    eventId(`<message ${from} id='1'><body>yes</body>${serverId("s2")}</message>`),
    eventId(`<message ${from}><body>yes</body></message>`),
    eventId(`<message ${from}><body>yes</body></message>`, { nowMs: context.nowMs + 1 }),
  ];
  expect(new Set(ids).size).toBe(4);
});

test("nobody can take another's ids: they hold for one sender, and a stanza id counts only from the own server", () => {
  const ada = eventId(`<message ${from} id='1'><body>hi</body>${origin("o1")}</message>`);
  expect(
    eventId(`<message from='eve@example.org/x' type='chat' id='1'><body>hi</body>${origin("o1")}</message>`),
  ).not.toBe(ada);
  const forged = `<message ${from} id='1'><body>hi</body>${serverId("s1", "eve@example.org")}</message>`;
  expect(eventId(forged)).toBe(eventId(`<message ${from} id='1'><body>hi</body></message>`));
});

test("receipts, read marks and errors name the reply they are about", () => {
  const decode = (frame: string) => {
    const stanza = parseStanza(frame);
    return stanza === undefined ? undefined : decodeStanza(stanza, context);
  };
  expect(decode(`<message ${from}><received xmlns='urn:xmpp:receipts' id='c1'/></message>`)).toEqual({
    kind: "receipt",
    clientId: "c1",
    state: "delivered",
  });
  expect(decode(`<message ${from}><displayed xmlns='urn:xmpp:chat-markers:0' id='c1'/></message>`)).toEqual({
    kind: "receipt",
    clientId: "c1",
    state: "read",
  });
  expect(decode(`<message from='ada@example.org' type='error' id='c1'><error/></message>`)).toEqual({
    kind: "receipt",
    clientId: "c1",
    state: "failed",
  });
  expect(decode("<presence type='subscribe' from='Ada@Example.org/x'/>")).toEqual({
    kind: "subscription-request",
    from: "ada@example.org",
  });
});

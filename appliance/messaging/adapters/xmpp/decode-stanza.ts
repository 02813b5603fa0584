// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import type { XmlElement } from "@xmpp/client";
import type { InboundEvent } from "../../protocol/index.ts";
import { bareAddress, resourceOf } from "./bare-address.ts";
import { namespaces } from "./namespaces.ts";

/** What decoding needs to know of the account. */
export interface DecodeContext {
  /** Own bare address. */
  readonly self: string;
  /** Own nickname in each room, by the room's bare address. */
  readonly nicks: ReadonlyMap<string, string>;
  readonly nowMs: number;
  /** The server's archive id of the stanza, when it comes out of the archive. */
  readonly archiveId?: string;
}

/** What a stanza means to the box. */
export type DecodedStanza =
  | {
      readonly kind: "message";
      readonly event: InboundEvent;
      /** The id to be named in a receipt, when the sender asked for one. */
      readonly receiptId?: string;
      readonly archiveId?: string;
    }
  | { readonly kind: "receipt"; readonly clientId: string; readonly state: "delivered" | "read" | "failed" }
  | { readonly kind: "subscription-request"; readonly from: string }
  /** Nothing to be answered; `archiveId` where the archive's cursor moves past it. */
  | { readonly kind: "ignored"; readonly reason: string; readonly archiveId?: string };

const maximumIdLength = 512;

/** The id that the account's own server gave the stanza. Another's `by` proves nothing, and is not looked at. */
function archiveIdOf(stanza: XmlElement, by: string): string | undefined {
  for (const element of stanza.getChildren("stanza-id", namespaces.stanzaId)) {
    const { id } = element.attrs;
    if (bareAddress(element.attrs.by ?? "") === by && id) return id.slice(0, maximumIdLength);
  }
  return undefined;
}

/**
 * An id that stays the same however often the stanza comes: the sender's origin id, else the server's, else what is
 * known of the stanza. Always together with the sender, so that nobody can take another's ids.
 */
function eventIdOf(
  stanza: XmlElement,
  sender: string,
  stableId: string | undefined,
  text: string,
  sentMs: number,
): string {
  const originId = stanza.getChild("origin-id", namespaces.stanzaId)?.attrs.id;
  const hash = createHash("sha256").update(`${sender}\0`);
  if (originId) return hash.update(`origin\0${originId}`).digest("hex");
  if (stableId !== undefined) return hash.update(`server\0${stableId}`).digest("hex");
  const { id } = stanza.attrs;
  // Without any id a repetition cannot be told from saying it twice: the time decides, so that nothing is lost.
  return hash.update(id ? `id\0${id}\0${text}` : `time\0${sentMs}\0${text}`).digest("hex");
}

/** When it was sent: the stamp of a delayed stanza, unless it lies in the future. */
function sentTime(stanza: XmlElement, nowMs: number): number {
  const stamp = Date.parse(stanza.getChild("delay", namespaces.delay)?.attrs.stamp ?? "");
  return Number.isNaN(stamp) || stamp < 0 ? nowMs : Math.min(stamp, nowMs);
}

function decodeReceipt(stanza: XmlElement): DecodedStanza | undefined {
  const received = stanza.getChild("received", namespaces.receipts) ?? stanza.getChild("received", namespaces.markers);
  const displayed = stanza.getChild("displayed", namespaces.markers);
  const clientId = (displayed ?? received)?.attrs.id;
  if (!clientId) return undefined;
  return { kind: "receipt", clientId, state: displayed === undefined ? "delivered" : "read" };
}

/** The text after the box was spoken to in a room, or undefined when it was not. */
function textToNick(text: string, nick: string): string | undefined {
  const said = text.trimStart();
  const lower = said.toLowerCase();
  const name = nick.toLowerCase();
  for (const opening of [name, `@${name}`]) {
    if (lower.startsWith(opening) && /^[:,\s]/.test(said.slice(opening.length)))
      return said.slice(opening.length + 1).trimStart();
  }
  return lower.includes(`@${name}`) ? said : undefined;
}

function decodeRoomMessage(stanza: XmlElement, text: string, from: string, context: DecodeContext): DecodedStanza {
  const room = bareAddress(from);
  const nick = context.nicks.get(room);
  const speaker = resourceOf(from);
  if (nick === undefined) return { kind: "ignored", reason: "unknown-room" };
  if (speaker === "" || speaker === nick) return { kind: "ignored", reason: "own-or-room" };
  const said = textToNick(text, nick);
  if (said === undefined || said === "") return { kind: "ignored", reason: "not-spoken-to" };
  const sentMs = sentTime(stanza, context.nowMs);
  const address = `${room}/${speaker}`.slice(0, maximumIdLength);
  const event: InboundEvent = {
    eventId: eventIdOf(stanza, address, archiveIdOf(stanza, room), text, sentMs),
    lane: room,
    conversation: room,
    isGroup: true,
    // A nickname is whatever its owner typed.
    sender: { address, displayName: speaker.slice(0, 256), isVerified: false },
    kind: "message",
    text: said,
    sentMs,
    ...messageIdOf(stanza),
    ...languageOf(stanza),
  };
  return { kind: "message", event };
}

const messageIdOf = (stanza: XmlElement): { messageId?: string } =>
  stanza.attrs.id ? { messageId: stanza.attrs.id.slice(0, maximumIdLength) } : {};

const languageOf = (stanza: XmlElement): { language?: string } => {
  const language = stanza.attrs["xml:lang"];
  return language && language.length <= 35 ? { language } : {};
};

function decodeMessage(stanza: XmlElement, context: DecodeContext): DecodedStanza {
  const from = stanza.attrs.from ?? "";
  const sender = bareAddress(from);
  const archiveId = context.archiveId ?? archiveIdOf(stanza, context.self);
  const mark = archiveId === undefined ? {} : { archiveId };
  const type = stanza.attrs.type ?? "normal";
  if (type === "error") {
    const clientId = stanza.attrs.id;
    return clientId ? { kind: "receipt", clientId, state: "failed" } : { kind: "ignored", reason: "error" };
  }
  if (sender === "" || from.length > maximumIdLength || sender === context.self)
    return { kind: "ignored", reason: "own-or-nobody", ...mark };
  // A server or a component: what it announces is not for answering, and it might answer back.
  if (!sender.includes("@")) return { kind: "ignored", reason: "no-account", ...mark };
  const text = stanza.getChild("body")?.text() ?? "";
  if (text === "") return decodeReceipt(stanza) ?? { kind: "ignored", reason: "no-text", ...mark };
  if (text.length > 1_048_576) return { kind: "ignored", reason: "too-large", ...mark };
  if (type === "groupchat") return decodeRoomMessage(stanza, text, from, context);
  if (type !== "chat" && type !== "normal") return { kind: "ignored", reason: "type", ...mark };
  // A private word inside a room comes from the nickname, not from the room.
  const isRoomPrivate = context.nicks.has(sender);
  const address = isRoomPrivate ? `${sender}/${resourceOf(from)}` : sender;
  const sentMs = sentTime(stanza, context.nowMs);
  const event: InboundEvent = {
    eventId: eventIdOf(stanza, address, archiveId, text, sentMs),
    lane: address,
    conversation: address,
    isGroup: false,
    sender: { address, isVerified: !isRoomPrivate },
    kind: "message",
    text,
    sentMs,
    ...messageIdOf(stanza),
    ...languageOf(stanza),
  };
  const wantsReceipt = stanza.getChild("request", namespaces.receipts) !== undefined && stanza.attrs.id;
  return { kind: "message", event, ...mark, ...(wantsReceipt ? { receiptId: wantsReceipt } : {}) };
}

/** Decodes one stanza. Pure; never throws, whatever the stanza is. */
export function decodeStanza(stanza: XmlElement, context: DecodeContext): DecodedStanza {
  if (stanza.name === "message") return decodeMessage(stanza, context);
  const { type, from } = stanza.attrs;
  if (stanza.name === "presence" && type === "subscribe" && from)
    return { kind: "subscription-request", from: bareAddress(from) };
  return { kind: "ignored", reason: stanza.name };
}

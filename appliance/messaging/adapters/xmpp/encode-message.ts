// SPDX-License-Identifier: AGPL-3.0-only
import { type XmlElement, xml } from "@xmpp/client";
import type { Outbound, TypingNotice } from "../../protocol/index.ts";
import { resourceOf } from "./bare-address.ts";
import { namespaces } from "./namespaces.ts";

// What XML 1.0 cannot carry, not even escaped: a server ends the stream over one of these.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** A text as XML can carry it: without control characters and broken surrogate pairs. */
export function xmlText(text: string): string {
  return text.toWellFormed().replace(forbidden, "\uFFFD");
}

/** The stanza of a reply. Pure. In a room it is said to everybody and begins with the nickname it answers. */
export function encodeMessage(outbound: Outbound, isRoom: boolean): XmlElement {
  const { clientId, conversation, to, text } = outbound;
  const nick = isRoom ? resourceOf(to) : "";
  const body = xmlText(nick === "" ? text : `${nick}: ${text}`);
  return xml(
    "message",
    { to: conversation, type: isRoom ? "groupchat" : "chat", id: clientId },
    xml("body", {}, body),
    xml("origin-id", { xmlns: namespaces.stanzaId, id: clientId }),
    !isRoom && xml("request", { xmlns: namespaces.receipts }),
    !isRoom && xml("active", { xmlns: namespaces.chatStates }),
  );
}

/** The receipt (XEP-0184) for a message that has been taken. Pure. */
export function encodeReceipt(to: string, messageId: string): XmlElement {
  return xml(
    "message",
    { to, type: "chat" },
    xml("received", { xmlns: namespaces.receipts, id: messageId }),
    xml("store", { xmlns: namespaces.hints }),
  );
}

/** That an answer is being written, or no longer. Pure. */
export function encodeTyping(notice: TypingNotice): XmlElement {
  const state = notice.isTyping ? "composing" : "paused";
  return xml(
    "message",
    { to: notice.conversation, type: "chat" },
    xml(state, { xmlns: namespaces.chatStates }),
    xml("no-store", { xmlns: namespaces.hints }),
  );
}

// SPDX-License-Identifier: AGPL-3.0-only
import { randomUUID } from "node:crypto";
import { type XmlElement, xml } from "@xmpp/client";
import { bareAddress } from "./bare-address.ts";
import { namespaces } from "./namespaces.ts";

/** A message out of the server's archive (XEP-0313). */
export interface ArchivedMessage {
  readonly archiveId: string;
  readonly stanza: XmlElement;
}

/** One page of the archive. */
export interface ArchivePage {
  readonly messages: readonly ArchivedMessage[];
  /** Whether there is nothing further in the direction of the query. */
  readonly isComplete: boolean;
}

/** Which part of the archive. */
export interface ArchiveQuery {
  /** Only messages with this address, both ways. */
  readonly with?: string;
  /** What follows this id, or from the beginning when it is empty; absent: the newest. */
  readonly after?: string;
  /** What comes before this id, newest page first. */
  readonly before?: string;
  readonly limit: number;
}

/** The archive of the account. */
export interface MessageArchive {
  /** Rejects when the server has no archive, or not that id. */
  query(query: ArchiveQuery): Promise<ArchivePage>;
  /** Takes a stanza that is an answer to a query; false when it is none. */
  take(stanza: XmlElement): boolean;
}

const queryTimeoutMs = 15_000;

function queryElement({ with: address, after, before, limit }: ArchiveQuery, queryId: string): XmlElement {
  const field = (name: string, value: string, type?: string) =>
    xml("field", type === undefined ? { var: name } : { var: name, type }, xml("value", {}, value));
  return xml(
    "iq",
    { type: "set" },
    xml(
      "query",
      { xmlns: namespaces.archive, queryid: queryId },
      address !== undefined &&
        xml(
          "x",
          { xmlns: namespaces.dataForms, type: "submit" },
          field("FORM_TYPE", namespaces.archive, "hidden"),
          field("with", address),
        ),
      xml(
        "set",
        { xmlns: namespaces.resultSet },
        xml("max", {}, String(limit)),
        after === undefined && xml("before", {}, before ?? ""),
        after !== undefined && after !== "" && xml("after", {}, after),
      ),
    ),
  );
}

/** Makes the {@link MessageArchive} of the account `self` (bare). */
export function createMessageArchive(
  self: string,
  request: (stanza: XmlElement, timeoutMs: number) => Promise<XmlElement>,
): MessageArchive {
  const pending = new Map<string, ArchivedMessage[]>();
  return {
    async query(query) {
      const queryId = randomUUID();
      const messages: ArchivedMessage[] = [];
      pending.set(queryId, messages);
      try {
        const answer = await request(queryElement(query, queryId), queryTimeoutMs);
        const isComplete = answer.getChild("fin", namespaces.archive)?.attrs.complete === "true";
        return { messages, isComplete };
      } finally {
        pending.delete(queryId);
      }
    },
    take(stanza) {
      const result = stanza.getChild("result", namespaces.archive);
      if (result === undefined) return false;
      // Only the own archive may answer; anybody can send something that looks like it.
      const from = bareAddress(stanza.attrs.from ?? self);
      const messages = from === self ? pending.get(result.attrs.queryid ?? "") : undefined;
      const forwarded = result.getChild("forwarded", namespaces.forward);
      const message = forwarded?.getChild("message");
      const archiveId = result.attrs.id;
      if (messages === undefined || message === undefined || !archiveId) return true;
      const delay = forwarded?.getChild("delay", namespaces.delay);
      if (delay !== undefined && message.getChild("delay", namespaces.delay) === undefined)
        (message.children as (XmlElement | string)[]).push(delay);
      messages.push({ archiveId, stanza: message });
      return true;
    },
  };
}

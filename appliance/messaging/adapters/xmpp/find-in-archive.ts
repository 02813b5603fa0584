// SPDX-License-Identifier: AGPL-3.0-only
import type { SendResult } from "../../protocol/index.ts";
import type { MessageArchive } from "./message-archive.ts";

const pageSize = 100;
const searchedPages = 20;

/**
 * Looks for a message of ours in the archive, from the newest back to the beginning. Only a search that got there
 * proves that the message did not arrive.
 */
export async function findInArchive(archive: MessageArchive, clientId: string, address: string): Promise<SendResult> {
  let before: string | undefined;
  for (let page = 0; page < searchedPages; page += 1) {
    const place = before === undefined ? {} : { before };
    const { messages, isComplete } = await archive.query({ with: address, limit: pageSize, ...place });
    if (messages.some(({ stanza }) => stanza.attrs.id === clientId)) return { status: "accepted", messageId: clientId };
    before = messages[0]?.archiveId;
    if (isComplete || before === undefined) return { status: "retry", afterMs: 0, code: "not-in-archive" };
  }
  return { status: "unknown", code: "archive-too-long" };
}

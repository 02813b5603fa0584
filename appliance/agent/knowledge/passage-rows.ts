// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import type { Passage } from "./passage.ts";

/**
 * Which passages share a row of the full-text index. Passages of the same heading and text are one row, whatever file
 * they came from: a file that was added and lies in an added folder too must not fill an answer with one text twice.
 */
export interface PassageRows {
  /** Takes a passage in. @returns the row to be written, or undefined when a passage of its content has one. */
  add(passage: Passage): number | undefined;
  /** Forgets a passage. @returns the row to be deleted, or undefined when another passage needs it. */
  forget(id: string): number | undefined;
  /** The passage that is shown for a row: the owner's before the handbook's, which is kept to one language. */
  shown(row: number): Passage | undefined;
  idsOf(source: string): string[];
  /** Passages, those of the same content counted each. */
  readonly passageCount: number;
  /** Rows, that is different contents. */
  readonly rowCount: number;
}

interface Row {
  readonly number: number;
  readonly content: string;
  readonly passages: Map<string, Passage>;
}

/** Makes an empty {@link PassageRows}. */
export function createPassageRows(): PassageRows {
  const byNumber = new Map<number, Row>();
  const byContent = new Map<string, Row>();
  const byId = new Map<string, Row>();
  let nextNumber = 1;
  return {
    get passageCount() {
      return byId.size;
    },
    get rowCount() {
      return byNumber.size;
    },
    add(passage) {
      const content = contentHash(passage);
      const same = byContent.get(content);
      const row = same ?? { number: nextNumber++, content, passages: new Map() };
      row.passages.set(passage.id, passage);
      byId.set(passage.id, row);
      if (same !== undefined) return undefined;
      byNumber.set(row.number, row);
      byContent.set(content, row);
      return row.number;
    },
    forget(id) {
      const row = byId.get(id);
      if (row === undefined) return undefined;
      byId.delete(id);
      row.passages.delete(id);
      if (row.passages.size > 0) return undefined;
      byNumber.delete(row.number);
      byContent.delete(row.content);
      return row.number;
    },
    shown(number) {
      const passages = [...(byNumber.get(number)?.passages.values() ?? [])];
      return passages.find(({ source }) => source !== "handbook") ?? passages[0];
    },
    idsOf: (source) => [...byId].filter(([id, row]) => row.passages.get(id)?.source === source).map(([id]) => id),
  };
}

function contentHash({ heading, text }: Passage): string {
  return createHash("sha256")
    .update(JSON.stringify([heading, text]))
    .digest("base64");
}

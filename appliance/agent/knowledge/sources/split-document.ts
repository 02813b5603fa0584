// SPDX-License-Identifier: AGPL-3.0-only
import { extname } from "node:path";
import { splitMarkdown, type TextPiece } from "../split-markdown.ts";
import { splitParagraphs } from "../split-paragraphs.ts";
import { decodeText } from "./decode-text.ts";
import { knowledgeError } from "./knowledge-error.ts";
import { splitCsv } from "./split-csv.ts";
import { splitFaqJson } from "./split-faq-json.ts";
import { splitPlainText } from "./split-plain-text.ts";

const splitters: ReadonlyMap<string, (text: string) => TextPiece[]> = new Map([
  [".md", splitMarkdown],
  [".markdown", splitMarkdown],
  [".txt", splitPlainText],
  [".text", splitPlainText],
  [".csv", splitCsv],
  [".tsv", splitCsv],
  [".json", splitFaqJson],
]);
const maxHeadingLength = 200;
/** Controls, and marks that turn the direction of text or hide in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Whether files of this name can be taken in. */
export function isSupportedName(name: string): boolean {
  return splitters.has(extname(name).toLowerCase());
}

/**
 * The bytes of a document as pieces of about 120 tokens at most, by the ending of its name.
 * @throws HearthError `knowledge-type-unsupported`, `knowledge-not-text`, `knowledge-malformed` or `knowledge-empty`.
 */
export function splitDocument(name: string, bytes: Uint8Array): TextPiece[] {
  const split = splitters.get(extname(name).toLowerCase());
  const supported = [...splitters.keys()].join(", ");
  if (split === undefined) {
    const ending = extname(name);
    const message =
      ending === ""
        ? "files whose name has no ending cannot be read as knowledge"
        : `files of the type ${ending} cannot be read as knowledge`;
    throw knowledgeError("knowledge-type-unsupported", message, `Save it as one of ${supported}.`);
  }
  const pieces = split(decodeText(bytes))
    .flatMap(({ heading, text }) =>
      splitParagraphs(clean(text)).map((part) => ({ heading: clean(heading), text: part })),
    )
    .map(({ heading, text }) => ({ heading: heading.slice(0, maxHeadingLength), text }));
  if (pieces.length > 0) return pieces;
  throw knowledgeError("knowledge-empty", "the file holds no text", "Add a file with text in it.");
}

function clean(text: string): string {
  return text.replace(/\r\n?/gu, "\n").replace(invisible, "").trim();
}

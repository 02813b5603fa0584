// SPDX-License-Identifier: AGPL-3.0-only
import { type Inline, parseInline } from "./parse-inline.ts";

/** A block of a reply. A line break inside a paragraph stays one: replies are chat, not documents. */
export type Block =
  | { readonly kind: "paragraph"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: "heading"; readonly line: readonly Inline[] }
  | {
      readonly kind: "list";
      readonly isOrdered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Inline[])[];
    }
  | { readonly kind: "code"; readonly text: string };

const fence = /^\s{0,3}```/;
const heading = /^#{1,6}\s+(.*)$/;
const bullet = /^\s{0,6}[-*•]\s+(.*)$/;
const numbered = /^\s{0,6}(\d{1,9})[.)]\s+(.*)$/;

interface OpenList {
  readonly isOrdered: boolean;
  readonly start: number;
  readonly items: (readonly Inline[])[];
}

/**
 * The small part of Markdown that replies use: paragraphs, headings, flat lists, fenced code, and the marks of
 * {@link parseInline}. The result is data, never HTML. An unfinished text, as while it streams in, is fine: a fence that
 * is still open holds the rest.
 */
export function parseMarkdown(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let paragraph: (readonly Inline[])[] = [];
  let list: OpenList | undefined;
  let code: string[] | undefined;

  const close = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", lines: paragraph });
    if (list !== undefined) blocks.push({ kind: "list", ...list });
    paragraph = [];
    list = undefined;
  };
  const addItem = (isOrdered: boolean, start: number, item: string): void => {
    if (list === undefined || list.isOrdered !== isOrdered) {
      close();
      list = { isOrdered, start, items: [] };
    }
    list.items.push(parseInline(item));
  };

  for (const line of text.split("\n")) {
    if (code !== undefined) {
      if (fence.test(line)) {
        blocks.push({ kind: "code", text: code.join("\n") });
        code = undefined;
      } else code.push(line);
      continue;
    }
    const asHeading = heading.exec(line);
    const asBullet = bullet.exec(line);
    const asNumbered = numbered.exec(line);
    if (fence.test(line)) {
      close();
      code = [];
    } else if (line.trim() === "") close();
    else if (asHeading !== null) {
      close();
      blocks.push({ kind: "heading", line: parseInline(asHeading[1] ?? "") });
    } else if (asBullet !== null) addItem(false, 1, asBullet[1] ?? "");
    else if (asNumbered !== null) addItem(true, Number(asNumbered[1]), asNumbered[2] ?? "");
    else {
      if (list !== undefined) close();
      paragraph.push(parseInline(line));
    }
  }
  close();
  if (code !== undefined) blocks.push({ kind: "code", text: code.join("\n") });
  return blocks;
}

// SPDX-License-Identifier: AGPL-3.0-only

/** A piece of a line. */
export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] };

// One alternative for each mark, code first: nothing inside it is markup. Bounded repeats keep hostile text linear.
const marks =
  /`([^`\n]{1,2000})`|\*\*(?=\S)([^\n]{0,500}?\S)\*\*(?!\*)|(?<![\w*])\*(?=[^\s*])([^*\n]{1,500}?)(?<=\S)\*(?![\w*])|\[([^\]\n]{1,300})\]\((https?:\/\/[^\s()<>]{1,2000})\)|(https?:\/\/[^\s<>()"'`，。；！？）】]{1,2000}[^\s<>()"'`，。；！？）】.,;:!?])/g;
const deepest = 3;

/** Takes the marks of a line apart: `code`, strong, emphasis, links to http(s). What is no mark stays text. */
export function parseInline(line: string, depth = 0): readonly Inline[] {
  if (depth > deepest) return [{ kind: "text", text: line }];
  const pieces: Inline[] = [];
  let from = 0;
  for (const match of line.matchAll(marks)) {
    if (match.index > from) pieces.push({ kind: "text", text: line.slice(from, match.index) });
    from = match.index + match[0].length;
    const [, code, strong, emphasis, linkText, linkHref, address] = match;
    if (code !== undefined) pieces.push({ kind: "code", text: code });
    else if (strong !== undefined) pieces.push({ kind: "strong", children: parseInline(strong, depth + 1) });
    else if (emphasis !== undefined) pieces.push({ kind: "emphasis", children: parseInline(emphasis, depth + 1) });
    else if (linkText !== undefined && linkHref !== undefined) {
      pieces.push({ kind: "link", href: linkHref, children: [{ kind: "text", text: linkText }] });
    } else if (address !== undefined) {
      pieces.push({ kind: "link", href: address, children: [{ kind: "text", text: address }] });
    }
  }
  if (from < line.length) pieces.push({ kind: "text", text: line.slice(from) });
  return pieces;
}

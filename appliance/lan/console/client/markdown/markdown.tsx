// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { assertNever } from "../../../../../shared/errors/index.ts";
import type { Inline } from "./parse-inline.ts";
import { type Block, parseMarkdown } from "./parse-markdown.ts";

function renderInline(pieces: readonly Inline[]): ComponentChildren {
  return pieces.map((piece, index): ComponentChildren => {
    switch (piece.kind) {
      case "text":
        return piece.text;
      case "code":
        return <code key={index}>{piece.text}</code>;
      case "strong":
        return <strong key={index}>{renderInline(piece.children)}</strong>;
      case "emphasis":
        return <em key={index}>{renderInline(piece.children)}</em>;
      case "link":
        return (
          <a key={index} href={piece.href} title={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {renderInline(piece.children)}
          </a>
        );
      default:
        return assertNever(piece);
    }
  });
}

function renderItems(items: readonly (readonly Inline[])[]): ComponentChildren {
  return items.map((item, index) => <li key={index}>{renderInline(item)}</li>);
}

function renderBlock(block: Block, index: number): JSX.Element {
  switch (block.kind) {
    case "paragraph":
      return (
        <p key={index}>
          {block.lines.map((line, number) => [number > 0 ? <br key={number} /> : null, renderInline(line)])}
        </p>
      );
    case "heading":
      return (
        <p key={index}>
          <strong>{renderInline(block.line)}</strong>
        </p>
      );
    case "list":
      return block.isOrdered ? (
        <ol key={index} start={block.start}>
          {renderItems(block.items)}
        </ol>
      ) : (
        <ul key={index}>{renderItems(block.items)}</ul>
      );
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
        <pre key={index} tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
  }
}

/** A reply as elements, made without any HTML text. */
export function Markdown(props: { readonly text: string }): JSX.Element {
  // Kept while the text stays: a long conversation is drawn anew with each word of a streaming answer.
  const blocks = useMemo(() => parseMarkdown(props.text).map(renderBlock), [props.text]);
  return <div class="markdown">{blocks}</div>;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useTexts } from "../app/use-texts.ts";
import { chatTexts } from "./chat-texts.ts";
import type { ChatItem } from "./list-chat-items.ts";

/**
 * Tells a screen reader that an answer is being made, and the answer once it is whole. The messages themselves are no
 * live region: each token would be read out.
 */
export function AnswerAnnouncer(props: { readonly items: readonly ChatItem[] }): JSX.Element {
  const texts = useTexts(chatTexts);
  const wasAnswering = useRef(false);
  const spoken = useRef("");
  const isAnswering = props.items.some((item) => item.kind === "live");
  if (isAnswering) spoken.current = texts.thinking;
  else if (wasAnswering.current) {
    const last = props.items.findLast((item) => item.kind === "answer");
    spoken.current = last?.kind === "answer" ? texts.answered(last.text) : "";
  }
  wasAnswering.current = isAnswering;
  return (
    <div class="visually-hidden" aria-live="polite" aria-atomic="true">
      {spoken.current}
    </div>
  );
}

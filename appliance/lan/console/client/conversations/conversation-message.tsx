// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { ConversationMessage } from "../../../http-api/index.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { Sources } from "../ui/sources.tsx";
import { conversationsTexts } from "./conversations-texts.ts";

const failing = new Set(["refused", "failed", "unknown"]);

function describeFate(texts: (typeof conversationsTexts)["en"], message: ConversationMessage): string | undefined {
  const states = {
    waiting: texts.stateWaiting,
    answering: texts.stateAnswering,
    answered: texts.stateAnswered,
    refused: texts.stateRefused,
    failed: texts.stateFailed,
  };
  const deliveries = {
    waiting: texts.deliveryWaiting,
    sending: texts.deliverySending,
    sent: texts.deliverySent,
    delivered: texts.deliveryDelivered,
    read: texts.deliveryRead,
    retrying: texts.deliveryRetrying,
    unknown: texts.deliveryUnknown,
    failed: texts.deliveryFailed,
  };
  if (message.delivery !== undefined) return deliveries[message.delivery];
  return message.state === undefined ? undefined : states[message.state];
}

/** One stored message with its fate, and for a reply what it cost and what it was read from. */
export function ConversationMessageItem(props: { readonly message: ConversationMessage }): JSX.Element {
  const texts = useTexts(conversationsTexts);
  const format = useApp().formatter.value;
  const { message } = props;
  const fate = describeFate(texts, message);
  const isFailing = failing.has(message.delivery ?? message.state ?? "");
  return (
    <li class={message.direction === "in" ? "message own" : "message"}>
      <div class="bubble">
        <span class="visually-hidden">{message.direction === "in" ? texts.person : texts.agent}: </span>
        {message.direction === "in" ? message.text : <Markdown text={message.text} />}
      </div>
      <Sources label={texts.sources} sources={message.sources ?? []} />
      <div class="message-foot">
        <time dateTime={new Date(message.atMs).toISOString()}>{format.dateTime(message.atMs)}</time>
        {fate === undefined ? null : <span class={isFailing ? "problem" : ""}>{fate}</span>}
        {(message.completionTokens ?? 0) === 0 ? null : (
          <span>
            {texts.tokens(
              format.number(message.promptTokens ?? 0),
              format.number(message.cachedTokens ?? 0),
              format.number(message.completionTokens ?? 0),
            )}
          </span>
        )}
      </div>
    </li>
  );
}

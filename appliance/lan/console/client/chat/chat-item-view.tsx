// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { closeOpenMarks } from "../markdown/close-open-marks.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { Button } from "../ui/button.tsx";
import { Sources } from "../ui/sources.tsx";
import { chatTexts } from "./chat-texts.ts";
import type { ChatItem } from "./list-chat-items.ts";

type Own = Extract<ChatItem, { kind: "own" }>;
type Answer = Extract<ChatItem, { kind: "answer" }>;
type Live = Extract<ChatItem, { kind: "live" }>;

function OwnMessage(props: { readonly item: Own }): JSX.Element {
  const app = useApp();
  const texts = useTexts(chatTexts);
  const { item } = props;
  const said = { unsent: texts.unsent, stored: "", refused: texts.refused, failed: texts.failed }[item.status];
  const isNotTaken = item.status === "unsent" && item.problem !== undefined;
  return (
    <li class="message own">
      <div class="bubble">
        <span class="visually-hidden">{texts.you}: </span>
        {item.text}
      </div>
      <div class="message-foot">
        <time dateTime={new Date(item.atMs).toISOString()}>{app.formatter.value.clock(item.atMs)}</time>
        {said === "" ? null : (
          <span class={item.status === "unsent" && !isNotTaken ? "" : "problem"}>
            {isNotTaken ? `${texts.notTaken}: ${item.problem}` : said}
          </span>
        )}
        {isNotTaken ? (
          <Button isSmall onPress={() => app.chat.sendAgain(item.key.slice("in-".length))}>
            {texts.sendAgain}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function AnswerMessage(props: { readonly item: Answer }): JSX.Element {
  const texts = useTexts(chatTexts);
  const format = useApp().formatter.value;
  const { item } = props;
  return (
    <li class="message">
      <div class="bubble">
        <span class="visually-hidden">{texts.agent}: </span>
        <Markdown text={item.text} />
      </div>
      <Sources label={texts.sources} sources={item.sources} />
      <div class="message-foot">
        <time dateTime={new Date(item.atMs).toISOString()}>{format.clock(item.atMs)}</time>
        {item.wasStopped ? <span>{texts.stopped}</span> : null}
        {item.wasCut ? <span>{texts.cut}</span> : null}
      </div>
    </li>
  );
}

function LiveMessage(props: { readonly item: Live }): JSX.Element {
  const texts = useTexts(chatTexts);
  const format = useApp().formatter.value;
  const { turn } = props.item;
  if (turn.state === "queued") {
    const position = format.number(turn.position);
    return (
      <li class="message">
        <p class="bubble soft">
          {turn.predictedWaitMs > 0
            ? texts.queuedWait(position, format.duration(turn.predictedWaitMs))
            : texts.queued(position)}
        </p>
      </li>
    );
  }
  return (
    <li class="message" data-live="true">
      <div class="bubble">
        {turn.text === "" ? (
          <span class="soft">
            {texts.thinking} <span class="caret" aria-hidden="true" />
          </span>
        ) : (
          <Markdown text={closeOpenMarks(turn.text)} />
        )}
      </div>
    </li>
  );
}

/** One thing in the chat. */
export function ChatItemView(props: { readonly item: ChatItem }): JSX.Element {
  const { item } = props;
  if (item.kind === "own") return <OwnMessage item={item} />;
  return item.kind === "answer" ? <AnswerMessage item={item} /> : <LiveMessage item={item} />;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { chatTexts } from "./chat-texts.ts";

const longestText = 32_768;

/** Where a message is written. Enter sends, except while an input method is composing a character. */
export function Composer(props: { readonly isAnswering: boolean }): JSX.Element {
  const { chat } = useApp();
  const texts = useTexts(chatTexts);
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const send = (): void => {
    if (text.trim() === "") return;
    chat.send(text.trim());
    setText("");
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="visually-hidden" for={id}>
        {texts.placeholder}
      </label>
      <textarea
        id={id}
        ref={field}
        class="input"
        rows={1}
        value={text}
        maxLength={longestText}
        placeholder={texts.placeholder}
        aria-describedby={`${id}-hint`}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <span class="visually-hidden" id={`${id}-hint`}>
        {texts.sendHint}
      </span>
      <div class="buttons">
        {props.isAnswering ? (
          <Button icon="stop" onPress={() => chat.stopAnswer()}>
            {texts.stop}
          </Button>
        ) : null}
        <Button kind="primary" icon="send" label={texts.send} isSubmit isDisabled={text.trim() === ""} />
      </div>
    </form>
  );
}

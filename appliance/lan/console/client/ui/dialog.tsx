// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "./button.tsx";

/** A modal dialog while it is mounted. Escape, the close button and a press beside it close it; focus goes back. */
export function Dialog(props: {
  readonly title: string;
  readonly isDrawer?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const texts = useTexts(commonTexts);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes it with Escape, which `dialog` handles itself
    <dialog
      ref={dialog}
      class={props.isDrawer === true ? "dialog drawer" : "dialog"}
      aria-labelledby={id}
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id}>{props.title}</h2>
          <Button kind="quiet" isSmall icon="close" label={texts.close} onPress={() => dialog.current?.close()} />
        </div>
        {props.children}
      </div>
    </dialog>
  );
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "./button.tsx";

/**
 * Copies a text. Browsers give the clipboard to secure origins only, and a box on the LAN may be spoken to without TLS:
 * there the text is selected, so that at worst the user's own copy command does it.
 */
export function CopyButton(props: { readonly text: string; readonly elementId: string }): JSX.Element {
  const texts = useTexts(commonTexts);
  const { notice } = useApp();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text);
      notice.value = texts.copied;
    } catch {
      // No clipboard here, or it was refused: select the text, and copy the old way if the browser still has it.
      const element = document.getElementById(props.elementId);
      if (element !== null) document.getSelection()?.selectAllChildren(element);
      if (document.execCommand("copy")) notice.value = texts.copied;
    }
  };
  return <Button onPress={() => void copy()}>{texts.copy}</Button>;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { CopyButton } from "./copy-button.tsx";

/** A key or link that is shown once, with a button that copies it. */
export function SecretText(props: { readonly text: string }): JSX.Element {
  const id = useId();
  return (
    <div class="secret">
      <code id={id}>{props.text}</code>
      <CopyButton text={props.text} elementId={id} />
    </div>
  );
}

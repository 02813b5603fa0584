// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";

export type Tone = "good" | "warn" | "bad" | "plain" | "neutral";

/** A state in a word; the colour only repeats what the word says. */
export function Badge(props: { readonly tone: Tone; readonly children: ComponentChildren }): JSX.Element {
  return <span class={props.tone === "neutral" ? "badge" : `badge ${props.tone}`}>{props.children}</span>;
}

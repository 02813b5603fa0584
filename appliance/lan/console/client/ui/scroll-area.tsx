// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";

/** What may be wider or longer than its place; a stop for the keyboard, so that arrow keys can scroll it. */
export function ScrollArea(props: {
  readonly label: string;
  readonly isLog?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class={props.isLog === true ? "log" : "table-scroll"} tabIndex={0} aria-label={props.label}>
      {props.children}
    </section>
  );
}

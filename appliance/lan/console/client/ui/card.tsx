// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** A part of a page with a heading of its own. */
export function Card(props: {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <div>
        <div class="card-head">
          <h2 id={id}>{props.title}</h2>
          {props.actions}
        </div>
        {props.lead === undefined ? null : <p class="soft">{props.lead}</p>}
      </div>
      {props.children}
    </section>
  );
}

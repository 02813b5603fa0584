// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** The headings of the texts that an answer was read from. */
export function Sources(props: { readonly label: string; readonly sources: readonly string[] }): JSX.Element | null {
  const id = useId();
  if (props.sources.length === 0) return null;
  return (
    <div class="sources">
      <span id={id}>{props.label}</span>
      <ul aria-labelledby={id}>
        {props.sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
    </div>
  );
}

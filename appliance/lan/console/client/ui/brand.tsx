// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";

/** The sign of Hearth with the name of the box; leads to the first page. */
export function Brand(props: { readonly boxName?: string | undefined }): JSX.Element {
  return (
    <a class="brand" href="/">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" fill="#22262b" />
        <path
          d="M16 5c1 5 7 7 7 13.500a7 7 0 0 1-14 0c0-3 1.600-5 3.200-6.500.2 2 1 3 2 3.500C14 11.500 14.500 8 16 5z"
          fill="#f0743a"
        />
        <path d="M16 17c.8 2 3 3 3 5.200a3 3 0 0 1-6 0c0-2 2.200-3.200 3-5.200z" fill="#ffd9a8" />
      </svg>
      <span>
        Hearth
        {props.boxName === undefined || props.boxName === "Hearth" ? null : (
          <span class="brand-box">{props.boxName}</span>
        )}
      </span>
    </a>
  );
}

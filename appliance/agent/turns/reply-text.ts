// SPDX-License-Identifier: AGPL-3.0-only

/** Collects a reply as it is generated, so that what was streamed is always the beginning of what is stored. */
export interface ReplyText {
  /** Takes generated text; returns what may be shown now (perhaps nothing). */
  take(text: string): string;
  /** What was shown so far: no space at either end. */
  readonly said: string;
}

/** Space at the very beginning is dropped; space at the end is held back until something follows it. */
export function createReplyText(): ReplyText {
  let said = "";
  let heldSpace = "";
  return {
    take(text) {
      const pending = said === "" ? text.trimStart() : heldSpace + text;
      const shown = pending.trimEnd();
      heldSpace = pending.slice(shown.length);
      said += shown;
      return shown;
    },
    get said() {
      return said;
    },
  };
}

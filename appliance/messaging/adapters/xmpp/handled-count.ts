// SPDX-License-Identifier: AGPL-3.0-only

/**
 * The count `h` of XEP-0198: how many stanzas have been handled, without a gap. A stanza that came later but was
 * handled earlier does not count before the ones ahead of it, because `h` would acknowledge those too.
 */
export interface HandledCount {
  /** What may be acknowledged now. */
  readonly handled: number;
  /** A stanza came. The returned function is called once it has been dealt with; true when `handled` went up. */
  receive(): () => boolean;
  /** A new session begins: the count starts at zero. */
  reset(): void;
  /** The connection broke: what was not handled comes again when the session is resumed, and is counted then. */
  forgetUnhandled(): void;
}

/** Makes a {@link HandledCount}. */
export function createHandledCount(): HandledCount {
  let handled = 0;
  let waiting: { isDone: boolean }[] = [];
  return {
    get handled() {
      return handled;
    },
    receive() {
      const stanza = { isDone: false };
      const connection = waiting;
      connection.push(stanza);
      return () => {
        stanza.isDone = true;
        if (connection !== waiting) return false;
        const before = handled;
        while (waiting[0]?.isDone === true) {
          waiting.shift();
          handled += 1;
        }
        return handled > before;
      };
    },
    reset() {
      handled = 0;
      waiting = [];
    },
    forgetUnhandled() {
      waiting = [];
    },
  };
}

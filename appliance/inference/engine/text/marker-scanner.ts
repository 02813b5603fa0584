// SPDX-License-Identifier: AGPL-3.0-only
import type { TextPiece } from "./token-text.ts";

/** A text that means something when it is generated: a stop string, the opening of a tool call, of a thought. */
export interface Marker<Kind extends string> {
  readonly kind: Kind;
  readonly text: string;
}

/** What the scanner found so far. */
export interface ScanResult<Kind extends string> {
  /** Text that no marker can reach any more. */
  readonly released: string;
  /** The first marker, when one is complete; everything behind it is in `rest`. */
  readonly found?: { readonly kind: Kind; readonly rest: readonly TextPiece[] };
}

/** Finds markers in text that comes in pieces. */
export interface MarkerScanner<Kind extends string> {
  push(pieces: readonly TextPiece[], markers: readonly Marker<Kind>[]): ScanResult<Kind>;
  /** Everything held back, when nothing more comes. */
  flush(): string;
}

/** The length of the longest end of `text` that begins one of `markers`. */
function heldLength(text: string, markers: readonly Marker<string>[]): number {
  let held = 0;
  for (const marker of markers) {
    const most = Math.min(marker.text.length - 1, text.length);
    for (let length = most; length > held; length--) {
      if (marker.text.startsWith(text.slice(text.length - length))) {
        held = length;
        break;
      }
    }
  }
  return held;
}

/** Cuts pieces after `length` characters. */
function cut(pieces: readonly TextPiece[], length: number): [TextPiece[], TextPiece[]] {
  const before: TextPiece[] = [];
  const after: TextPiece[] = [];
  let left = length;
  for (const piece of pieces) {
    const taken = Math.min(left, piece.text.length);
    if (taken > 0) before.push({ ...piece, text: piece.text.slice(0, taken) });
    if (taken < piece.text.length) after.push({ ...piece, text: piece.text.slice(taken) });
    left -= taken;
  }
  return [before, after];
}

function visible(pieces: readonly TextPiece[]): string {
  return pieces.map((piece) => (piece.isControl ? "" : piece.text)).join("");
}

/**
 * Text that might be the beginning of a marker is held back until it is one or cannot be one, so that a stop string
 * is found across token borders and nothing of it is ever said. Control tokens count for finding, and are not said.
 */
export function createMarkerScanner<Kind extends string>(): MarkerScanner<Kind> {
  let held: TextPiece[] = [];
  return {
    push(pieces, markers) {
      held.push(...pieces);
      const text = held.map((piece) => piece.text).join("");
      let first: Marker<Kind> | undefined;
      let at = -1;
      for (const marker of markers) {
        const index = marker.text === "" ? -1 : text.indexOf(marker.text);
        if (index < 0 || (first !== undefined && index >= at)) continue;
        first = marker;
        at = index;
      }
      if (first !== undefined) {
        const [before, rest] = cut(held, at);
        held = [];
        const [, behind] = cut(rest, first.text.length);
        return { released: visible(before), found: { kind: first.kind, rest: behind } };
      }
      const [before, after] = cut(held, text.length - heldLength(text, markers));
      held = after;
      return { released: visible(before) };
    },
    flush() {
      const text = visible(held);
      held = [];
      return text;
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
/**
 * Holds the guide model to its documents. A model this small slips when it copies: it turns "10:00" into "100" and a
 * telephone number into another one. So its words are followed through the texts it was shown, from the beginning of a
 * sentence on, and only what stands there is passed on. At the first slip the text that it was reading is completed
 * from the document itself, and the model is not listened to any more.
 *
 * What must stay true: everything `take` and `finish` return, put together, is a run of one of the texts, or nothing.
 */
export interface GroundedReader {
  /** Takes generated text; returns what may be said of it now. */
  take(text: string): string;
  /** Whether the model left its texts: stop the generation and call {@link GroundedReader.finish}. */
  readonly hasSlipped: boolean;
  /**
   * What completes the answer: the rest of the sentence, or after a slip of the whole text; and the text it stands in.
   * Undefined: the model said one of the refusals, or nothing that can be followed.
   */
  finish(): { readonly rest: string; readonly source: string } | undefined;
}

interface Reading {
  readonly text: string;
  /** Where in `text` the next character is expected. */
  readonly position: number;
}

const sentenceEnd = /[.!?。！？]["”’」）)]?\s*/gu;

/**
 * Makes a reader over `texts`, best first. `refusals` are the sentences by which the model says that the texts hold no
 * answer; they are never passed on.
 */
export function createGroundedReader(texts: readonly string[], refusals: readonly string[]): GroundedReader {
  let readings: readonly Reading[] = texts.flatMap((text) => beginnings(text).map((position) => ({ text, position })));
  let refusing: readonly Reading[] = refusals.map((text) => ({ text, position: 0 }));
  /** What could still become a refusal, and so is not passed on yet. */
  let held = "";
  let hasBegun = false;
  let hasSlipped = false;
  return {
    take(text) {
      let said = "";
      for (const character of hasBegun ? text : text.trimStart()) {
        if (hasSlipped) break;
        const nextReadings = follow(readings, character);
        const nextRefusing = follow(refusing, character);
        if (nextReadings.length + nextRefusing.length === 0) {
          hasSlipped = true;
          break;
        }
        hasBegun = true;
        readings = nextReadings;
        refusing = nextRefusing;
        held += character;
        if (refusing.length > 0) continue;
        said += held;
        held = "";
      }
      return said;
    },
    get hasSlipped() {
      return hasSlipped;
    },
    finish() {
      const [reading] = readings;
      if (!hasBegun || reading === undefined) return undefined;
      const source = reading.text;
      const left = source.slice(reading.position);
      if (hasSlipped) return { rest: held + left, source };
      const isAtEnd = /[.!?。！？]["”’」）)]?\s*$/u.test(source.slice(0, reading.position));
      return { rest: isAtEnd ? held : held + left.slice(0, endOfSentence(left)), source };
    },
  };
}

function follow(readings: readonly Reading[], character: string): readonly Reading[] {
  return readings
    .filter(({ text, position }) => text.startsWith(character, position))
    .map(({ text, position }) => ({ text, position: position + character.length }));
}

/** The offsets at which sentences begin; a point inside a number or an address is followed by no space. */
function beginnings(text: string): number[] {
  const ends = [...text.matchAll(sentenceEnd)].filter(([mark]) => /\s$|[。！？]/u.test(mark));
  const offsets = ends.map((match) => match.index + match[0].length);
  return [0, ...offsets.filter((offset) => offset < text.length)];
}

function endOfSentence(rest: string): number {
  for (const match of rest.matchAll(sentenceEnd)) {
    const end = match.index + match[0].length;
    if (end === rest.length || /\s$|[。！？]/u.test(match[0])) return match.index + match[0].trimEnd().length;
  }
  return rest.length;
}

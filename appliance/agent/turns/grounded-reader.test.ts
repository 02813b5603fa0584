// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createGroundedReader } from "./grounded-reader.ts";

const hours = "We are open from 9:30 to 18:45, on Saturday from 10:00. On Sunday we are closed.";
const bikes = "We buy used bikes. Bring v1.5 of the form.";
const unknown = "I don't know. My documents do not hold the answer.";

/** Feeds `pieces` until the reader has enough; the whole of what is said, or undefined for a refusal. */
function read(texts: readonly string[], ...pieces: readonly string[]): string | undefined {
  const reader = createGroundedReader(texts, [unknown]);
  let said = "";
  for (const piece of pieces) {
    said += reader.take(piece);
    if (reader.hasSlipped) break;
  }
  const finished = reader.finish();
  return finished === undefined ? undefined : said + finished.rest;
}

describe("reading out of documents", () => {
  test("a true copy is passed on as it comes, whole or from a sentence on", () => {
    expect(
      read([hours, bikes], "We are open from 9:30 to 18:45, ", "on Saturday from 10:00. On Sunday we are closed."),
    ).toBe(hours);
    expect(read([hours, bikes], "On Sunday", " we are closed.")).toBe("On Sunday we are closed.");
    expect(read([hours, bikes], "We buy used bikes.")).toBe("We buy used bikes.");
  });

  test("a slip is put right from the document: no wrong figure gets out", () => {
    expect(read([hours, bikes], "We are open from 9:30 to 18:45, on Saturday from 100. On")).toBe(hours);
    expect(read([hours, bikes], "We bought used cars.")).toBe(bikes);
  });

  test("an answer that stops in the middle is completed to the end of its sentence, not at a point inside a word", () => {
    expect(read([hours, bikes], "We are open from 9:30 to")).toBe(
      "We are open from 9:30 to 18:45, on Saturday from 10:00.",
    );
    expect(read([bikes], "Bring v1")).toBe("Bring v1.5 of the form.");
  });

  test("a refusal, and text that stands in no document, is no answer", () => {
    expect(read([hours], "I don't", " know. My documents do not hold the answer.")).toBeUndefined();
    expect(read([hours], "I don't know that man.")).toBeUndefined();
    expect(read([hours], "Paris is the capital of France.")).toBeUndefined();
    expect(read([hours], "   ")).toBeUndefined();
    expect(read(["I do repairs. Call me."], "I do repairs.")).toBe("I do repairs.");
  });

  test("whatever a model says, what gets out is a run of one document that begins where a sentence begins", () => {
    const noise = fc.oneof(fc.string(), fc.constantFrom(...hours.split(" "), ...bikes.split(" "), " ", unknown));
    const copied = fc.tuple(fc.constantFrom(hours, bikes), fc.nat(80)).map(([text, end]) => text.slice(0, end));
    fc.assert(
      fc.property(fc.option(copied, { nil: "" }), fc.array(noise, { maxLength: 8 }), (start, pieces) => {
        const answer = read([hours, bikes], start, ...pieces);
        if (answer === undefined || answer === "") return;
        const text = [hours, bikes].find((each) => each.includes(answer));
        expect(text).toBeDefined();
        const before = text?.slice(0, text.indexOf(answer)) ?? "";
        expect(before === "" || /[.] $/u.test(before)).toBeTrue();
      }),
      { numRuns: 1000 },
    );
  });
});

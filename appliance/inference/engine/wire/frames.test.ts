// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createFrameDecoder, encodeFrame } from "./frames.ts";

describe("frames between the box and its child", () => {
  test("come out as they went in, wherever the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (values, cuts) => {
          const stream = Buffer.concat(values.map(encodeFrame));
          const decoder = createFrameDecoder();
          const out: unknown[] = [];
          for (let at = 0, index = 0; at < stream.length; index++) {
            const length = cuts[index % cuts.length] ?? 1;
            out.push(...decoder.push(stream.subarray(at, at + length)));
            at += length;
          }
          expect(out).toEqual(values.map((value) => JSON.parse(JSON.stringify(value)) as unknown));
        },
      ),
    );
  });

  test("anything that a library prints into the stream is noticed", () => {
    expect(() => createFrameDecoder().push(Buffer.from("llama.cpp says hello\n"))).toThrow(/not a stream of frames/);
    const long = Buffer.from(encodeFrame({}));
    long.writeUInt32LE(0x7fff_ffff, 4);
    expect(() => createFrameDecoder().push(long)).toThrow(/not a stream of frames/);
  });
});

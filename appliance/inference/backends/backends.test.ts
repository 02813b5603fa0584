// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { httpFailure, readServerSentEvents, retryAfterMs } from "./index.ts";

async function* chunks(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function all(
  text: string,
  sizes: readonly number[] = [1_000_000],
  limits = { maxEventBytes: 10_000, maxTotalBytes: 100_000 },
): Promise<string[]> {
  const found: string[] = [];
  for await (const data of readServerSentEvents(chunks(text, sizes), limits)) found.push(data);
  return found;
}

describe("server-sent events", () => {
  test("are found wherever the stream is cut", async () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "好", "😀", " ", "{", '"'), minLength: 1 }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom("\n", "\r\n"),
        async (values, sizes, end) => {
          const text = values.map((value) => `: comment${end}data: ${value}${end}${end}`).join("");
          expect(await all(text, sizes)).toEqual(values);
        },
      ),
    );
  });

  test("an event that does not end is refused at the bound, as is a stream that does not", async () => {
    expect(all(`data: ${"x".repeat(20_000)}`)).rejects.toThrow(/event of more than/);
    expect(all("data: x\n\n".repeat(20_000))).rejects.toThrow(/more than 100000 bytes/);
  });
});

describe("refusals of a model server", () => {
  const table = [
    [429, "7", "", "queue-full"],
    [503, "1", "", "queue-full"],
    [503, null, "", "engine-unavailable"],
    [401, null, "", "engine-unavailable"],
    [404, null, "", "model-not-found"],
    [400, null, '{"error":{"message":"bad temperature"}}', "invalid-request"],
    [
      400,
      null,
      '{"error":{"message":"maximum context length is 4096 tokens","code":"context_length_exceeded"}}',
      "prompt-too-long",
    ],
    [500, null, "<html>", "engine-unavailable"],
  ] as const;
  for (const [status, retry, body, code] of table) {
    test(`${status} ${body.slice(0, 30)} is ${code}`, () =>
      expect(httpFailure(status, retry, body, 0).code).toBe(code));
  }

  test("Retry-After is taken in seconds and as a date, within bounds", () => {
    const now = Date.UTC(2026, 0, 1);
    expect(retryAfterMs("2.5", now)).toBe(2500);
    expect(retryAfterMs(new Date(now + 5000).toUTCString(), now)).toBe(5000);
    expect(retryAfterMs("soon", now)).toBe(1000);
    expect(retryAfterMs("-5", now)).toBe(0);
    expect(retryAfterMs("1e12", now)).toBe(3_600_000);
  });
});

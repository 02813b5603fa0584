// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { manualClock } from "../../../shared/testing/index.ts";
import { sseResponse } from "./index.ts";

const decoder = new TextDecoder();

function setUp(frames: AsyncIterable<string>, isQuiet = false) {
  const clock = manualClock();
  let closes = 0;
  const onClosed = (): void => {
    closes += 1;
  };
  const response = sseResponse(frames, { clock, isQuiet, heartbeatMs: 1000, stallMs: 5000, onClosed });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const read = async (): Promise<string> => decoder.decode((await reader.read()).value);
  return { clock, response, reader, read, closes: () => closes };
}

describe("a stream of server-sent events", () => {
  test("passes frames on in order and ends once", async () => {
    const { response, read, reader, closes } = setUp(of("data: 1\n\n", "data: 2\n\n"));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect([await read(), await read()]).toEqual(["data: 1\n\n", "data: 2\n\n"]);
    expect((await reader.read()).done).toBe(true);
    expect(closes()).toBe(1);
  });

  test("says that it lives while nothing comes, and at once when it is known to be quiet", async () => {
    const { clock, read } = setUp(never());
    const first = read();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1000);
    expect(await first).toBe(": still here\n\n");
    expect(await setUp(never(), true).read()).toBe(": still here\n\n");
  });

  test("a reader who takes nothing gets no heartbeats piled up, and loses the stream", async () => {
    let asked = 0;
    async function* counted() {
      for (;;) {
        asked += 1;
        yield "data: x\n\n";
      }
    }
    const { clock, read, reader, closes } = setUp(counted());
    await read();
    for (let second = 0; second < 4; second++) clock.advance(1000);
    expect([asked, closes()]).toEqual([1, 0]);
    clock.advance(2000);
    expect(closes()).toBe(1);
    await expect(reader.read()).rejects.toMatchObject({ code: "stream-stalled" });
  });

  test("a reader who leaves ends the source", async () => {
    const ended = Promise.withResolvers<void>();
    async function* watched() {
      try {
        for (;;) yield "data: x\n\n";
      } finally {
        ended.resolve();
      }
    }
    const { read, reader, closes } = setUp(watched());
    await read();
    await reader.cancel();
    await ended.promise;
    expect(closes()).toBe(1);
  });
});

async function* of(...frames: string[]): AsyncGenerator<string> {
  yield* frames;
}

async function* never(): AsyncGenerator<string> {
  yield await new Promise<string>(() => undefined);
}

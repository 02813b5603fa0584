// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { createId } from "../../../shared/ids/index.ts";
import { createLiveHub } from "./live-hub.ts";
import type { LiveEvent } from "./types.ts";

const started: LiveEvent = { type: "turn-started", turnId: createId("turn"), sessionId: createId("session") };
const ended: LiveEvent = {
  type: "turn-ended",
  reply: "Hello there",
  reason: "stop",
  promptTokens: 1,
  cachedTokens: 0,
  completionTokens: 2,
  sources: [],
};
const delta = (text: string): LiveEvent => ({ type: "turn-delta", text });

async function collect(events: AsyncIterable<LiveEvent>): Promise<LiveEvent[]> {
  const all: LiveEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("a watcher that comes late gets the text so far first, then the rest", async () => {
  const hub = createLiveHub();
  hub.publish("inb", started);
  hub.publish("inb", delta("Hello"));
  hub.publish("inb", delta(" the"));
  const watching = collect(hub.watch("inb", new AbortController().signal));
  hub.publish("inb", delta("re"));
  hub.publish("inb", ended);
  const events = await watching;
  expect(events[0]).toEqual(started);
  expect(events.flatMap((event) => (event.type === "turn-delta" ? [event.text] : [])).join("")).toBe("Hello there");
  expect(events.at(-1)).toEqual(ended);
  expect(hub.size).toBe(0);
});

test("a watcher that does not read costs nothing, and gets what it missed as one delta", async () => {
  const hub = createLiveHub();
  const slow = hub.watch("inb", new AbortController().signal)[Symbol.asyncIterator]();
  const first = slow.next();
  hub.publish("inb", started);
  expect((await first).value).toEqual(started);
  for (let count = 0; count < 10_000; count += 1) hub.publish("inb", delta("x"));
  hub.publish("inb", ended);
  expect((await slow.next()).value).toEqual(delta("x".repeat(10_000)));
  expect((await slow.next()).value).toEqual(ended);
  expect((await slow.next()).done).toBe(true);
});

test("a row that is tried again begins its text anew", async () => {
  const hub = createLiveHub();
  const watcher = hub.watch("inb", new AbortController().signal)[Symbol.asyncIterator]();
  const first = watcher.next();
  hub.publish("inb", started);
  await first;
  hub.publish("inb", delta("wrong"));
  expect((await watcher.next()).value).toEqual(delta("wrong"));
  hub.publish("inb", started);
  hub.publish("inb", delta("right"));
  expect((await watcher.next()).value).toEqual(started);
  expect((await watcher.next()).value).toEqual(delta("right"));
});

test("a watcher that leaves is forgotten", async () => {
  const hub = createLiveHub();
  const leaving = new AbortController();
  const watching = collect(hub.watch("inb", leaving.signal));
  expect(hub.size).toBe(1);
  leaving.abort();
  expect(await watching).toEqual([]);
  expect(hub.size).toBe(0);
});

// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { manualClock } from "../../../shared/testing/index.ts";
import { createActivity, createMetrics, type MetricsFacts } from "./index.ts";
import { percentile } from "./percentile.ts";

const facts: MetricsFacts = { runningSequences: 3, maxSequences: 8, queues: { engine: 2, inbox: 5 } };
const processFacts = { cpuSeconds: () => 1.5, residentBytes: () => 1024, startSeconds: 1_767_225_600 };

function setUp() {
  const clock = manualClock();
  return { clock, metrics: createMetrics({ clock, facts: () => facts, processFacts }) };
}

async function drain<Event>(events: AsyncIterable<Event>): Promise<Event[]> {
  const all: Event[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe("metrics", () => {
  test("the names of the contract are rendered as OpenMetrics", async () => {
    const { metrics } = setUp();
    metrics.countMessage({ channel: "xmpp", direction: "in", outcome: "admitted" });
    metrics.countEgress("channel", 512);
    await drain(metrics.observeTurn(of({ type: "turn-ended", reason: "stop" })));
    const usage = { promptTokens: 10, cachedTokens: 4, completionTokens: 2 };
    await drain(metrics.observeGeneration(of({ type: "delta" }, { type: "delta" }, { type: "end", usage })));
    const text = await metrics.render();
    expect(metrics.contentType).toStartWith("application/openmetrics-text; version=1.0.0");
    for (const line of [
      'hearth_turn_seconds_count{outcome="stop"} 1',
      "hearth_time_to_first_token_seconds_count 1",
      "hearth_inter_token_seconds_count 1",
      'hearth_tokens_total{kind="prompt"} 10',
      'hearth_tokens_total{kind="completion"} 2',
      "hearth_batch_occupancy 0.375",
      'hearth_queue_depth{queue="inbox"} 5',
      "hearth_prefix_hit_tokens_total 4",
      'hearth_messages_total{channel="xmpp",direction="in",outcome="admitted"} 1',
      'hearth_egress_bytes_total{purpose="channel"} 512',
      "process_cpu_seconds_total 1.5",
      "process_resident_memory_bytes 1024",
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
    expect(text).toContain("# TYPE hearth_tokens counter\n");
    expect(text).toEndWith("# EOF\n");
  });

  test("events pass unchanged, and the first token is timed from the request, the queue included", async () => {
    const { clock, metrics } = setUp();
    const events = [{ type: "queued" }, { type: "delta", text: "a" }, { type: "delta", text: "b" }];
    async function* slow() {
      for (const event of events) {
        clock.advance(100);
        yield event;
      }
    }
    expect(await drain(metrics.observeGeneration(slow()))).toEqual(events);
    expect(metrics.takeFirstTokenTimes()).toEqual([200]);
    expect(metrics.takeFirstTokenTimes()).toEqual([]);
    expect(await metrics.render()).toContain('hearth_inter_token_seconds_bucket{le="0.1"} 1');
  });

  test("a reader who takes its time is not counted as the engine's", async () => {
    const { clock, metrics } = setUp();
    const events = metrics.observeGeneration(of({ type: "delta" }, { type: "delta" }));
    for await (const _ of events) clock.advance(5000);
    expect(await metrics.render()).toContain("hearth_inter_token_seconds_sum 0\n");
  });

  test("CPU time only grows, by what was used since the last scrape", async () => {
    let cpuSeconds = 1;
    const clock = manualClock();
    const metrics = createMetrics({
      clock,
      facts: () => facts,
      processFacts: { ...processFacts, cpuSeconds: () => cpuSeconds },
    });
    await metrics.render();
    cpuSeconds = 3;
    expect(await metrics.render()).toContain("\nprocess_cpu_seconds_total 3\n");
  });

  test("series are bounded", async () => {
    const { metrics } = setUp();
    for (let index = 0; index < 3000; index++)
      metrics.countMessage({ channel: `c${index}`, direction: "in", outcome: "x" });
    const text = await metrics.render();
    expect(text.split("hearth_messages_total{").length - 1).toBe(2000);
  });
});

describe("activity", () => {
  const engineFacts = {
    decodeTokensPerSecond: 12,
    prefillTokensPerSecond: 90,
    queuedRequests: 1,
    runningSequences: 2,
    memoryBytes: 7,
  };

  test("a point every two seconds, for 15 minutes and no longer", async () => {
    const clock = manualClock(0);
    let times = [30, 10, 20];
    const takeFirstTokenTimes = () => {
      const taken = times;
      times = [];
      return taken;
    };
    const activity = createActivity({
      clock,
      engineFacts: () => engineFacts,
      takeFirstTokenTimes,
      residentBytes: () => 5,
    });
    await activity.start(new AbortController().signal);
    const heard: number[] = [];
    const unsubscribe = activity.subscribe((point) => heard.push(point.atMs));
    clock.advance(4000);
    unsubscribe();
    const first = { ...activity.read().points[0] };
    expect(first).toEqual({
      atMs: 2000,
      decodeTokensPerSecond: 12,
      prefillTokensPerSecond: 90,
      timeToFirstTokenP50Ms: 20,
      timeToFirstTokenP95Ms: 30,
      queued: 1,
      running: 2,
      memoryBytes: 5,
      engineMemoryBytes: 7,
    });
    expect(activity.read().points[1]?.timeToFirstTokenP50Ms).toBeNull();
    clock.advance(20 * 60_000);
    expect(heard).toEqual([2000, 4000]);
    expect(activity.read().points).toHaveLength(450);
    await activity.stop();
    const last = activity.read().points.at(-1)?.atMs;
    clock.advance(60_000);
    expect(activity.read().points.at(-1)?.atMs).toBe(last as number);
  });

  test("a percentile is one of the values, and as many lie below it as it says", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const value = percentile(values, share) as number;
          expect(values).toContain(value);
          expect(values.filter((other) => other <= value).length).toBeGreaterThanOrEqual(share * values.length - 1e-9);
        },
      ),
    );
    expect(percentile([], 0.5)).toBeNull();
  });
});

async function* of<Event>(...events: Event[]): AsyncGenerator<Event> {
  yield* events;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { createInstruments, createRegistry, type Instruments } from "./instruments.ts";
import type { Metrics, MetricsFacts, ObservedGenerationEvent, ObservedTurnEvent } from "./metrics-types.ts";
import { addProcessInstruments, type ProcessFacts, runtimeProcessFacts } from "./process-instruments.ts";

export interface MetricsDeps {
  readonly clock: Clock;
  readonly facts: () => MetricsFacts;
  /** Default: those of this process. */
  readonly processFacts?: ProcessFacts;
}

const maxKeptFirstTokenTimes = 1000;
/** A channel's name is the owner's choice and outcomes are ours; a limit on both keeps a mistake from growing memory. */
const maxMessageSeries = 2000;

/** Makes the instruments of the box, in a registry of their own. */
export function createMetrics({ clock, facts, processFacts = runtimeProcessFacts() }: MetricsDeps): Metrics {
  const registry = createRegistry();
  const instruments = createInstruments(registry);
  addProcessInstruments(registry, processFacts);
  const messageSeries = new Set<string>();
  let firstTokenTimes: number[] = [];
  const noteFirstToken = (ms: number): void => {
    instruments.firstTokenSeconds.observe(ms / 1000);
    firstTokenTimes.push(ms);
    if (firstTokenTimes.length > maxKeptFirstTokenTimes) firstTokenTimes.shift();
  };
  return {
    contentType: registry.contentType,
    render() {
      setGauges(instruments, facts());
      return registry.metrics();
    },
    observeGeneration: (events) => observeGeneration(events, clock, instruments, noteFirstToken),
    observeTurn: (events) => observeTurn(events, clock, instruments),
    countMessage({ channel, direction, outcome }) {
      const series = `${channel}/${direction}/${outcome}`;
      if (messageSeries.size >= maxMessageSeries && !messageSeries.has(series)) return;
      messageSeries.add(series);
      instruments.messages.inc({ channel, direction, outcome });
    },
    countEgress: (purpose, bytes) => instruments.egressBytes.inc({ purpose }, bytes),
    takeFirstTokenTimes() {
      const taken = firstTokenTimes;
      firstTokenTimes = [];
      return taken;
    },
  };
}

function setGauges(instruments: Instruments, { runningSequences, maxSequences, queues }: MetricsFacts): void {
  instruments.batchOccupancy.set(maxSequences === 0 ? 0 : runningSequences / maxSequences);
  for (const [queue, depth] of Object.entries(queues)) instruments.queueDepth.set({ queue }, depth);
}

async function* observeGeneration<Event extends ObservedGenerationEvent>(
  events: AsyncIterable<Event>,
  clock: Clock,
  instruments: Instruments,
  noteFirstToken: (ms: number) => void,
): AsyncGenerator<Event> {
  const startMs = clock.monotonicMs();
  let lastMs: number | null = null;
  for await (const event of events) {
    if (event.type === "delta" || event.type === "tool-call") {
      const nowMs = clock.monotonicMs();
      if (lastMs === null) noteFirstToken(nowMs - startMs);
      else instruments.interTokenSeconds.observe((nowMs - lastMs) / 1000);
      lastMs = nowMs;
    }
    if (event.usage !== undefined) {
      instruments.tokens.inc({ kind: "prompt" }, event.usage.promptTokens);
      instruments.tokens.inc({ kind: "completion" }, event.usage.completionTokens);
      instruments.prefixHitTokens.inc(event.usage.cachedTokens);
    }
    yield event;
    // A slow reader's time is not the engine's: the gap is counted from when the piece was taken.
    if (lastMs !== null) lastMs = clock.monotonicMs();
  }
}

async function* observeTurn<Event extends ObservedTurnEvent>(
  events: AsyncIterable<Event>,
  clock: Clock,
  instruments: Instruments,
): AsyncGenerator<Event> {
  const startMs = clock.monotonicMs();
  for await (const event of events) {
    const outcome =
      event.type === "turn-failed" ? "failed" : event.type === "turn-ended" ? (event.reason ?? "stop") : null;
    if (outcome !== null) instruments.turnSeconds.observe({ outcome }, (clock.monotonicMs() - startMs) / 1000);
    yield event;
  }
}

// SPDX-License-Identifier: AGPL-3.0-only

/** What a generation's event must say to be measured; the engine's events do. */
export interface ObservedGenerationEvent {
  readonly type: string;
  readonly usage?: { readonly promptTokens: number; readonly cachedTokens: number; readonly completionTokens: number };
}

/** What a turn's event must say to be measured; the agent's events do. */
export interface ObservedTurnEvent {
  readonly type: string;
  readonly reason?: string;
}

/** What the box is doing at this moment, asked for at each scrape. */
export interface MetricsFacts {
  /** Sequences that decode or prefill, and how many could. */
  readonly runningSequences: number;
  readonly maxSequences: number;
  /** Waiting by queue, such as `engine`, `inbox`, `outbox`. */
  readonly queues: Readonly<Record<string, number>>;
}

/** The instruments of the box. */
export interface Metrics {
  /** Of OpenMetrics. */
  readonly contentType: string;
  /** OpenMetrics text. */
  render(): Promise<string>;
  /** Passes a generation's events on and measures them: first token, gaps, tokens, prefix hits. */
  observeGeneration<Event extends ObservedGenerationEvent>(events: AsyncIterable<Event>): AsyncIterable<Event>;
  /** Passes a turn's events on and measures how long it takes. */
  observeTurn<Event extends ObservedTurnEvent>(events: AsyncIterable<Event>): AsyncIterable<Event>;
  /** Counts a message; what the router calls its observer with. */
  countMessage(count: { readonly channel: string; readonly direction: "in" | "out"; readonly outcome: string }): void;
  /** Counts bytes that leave the box, by why they do. */
  countEgress(purpose: string, bytes: number): void;
  /** Times to first token in milliseconds since the last call, at most the latest 1,000; for the activity ring. */
  takeFirstTokenTimes(): readonly number[];
}

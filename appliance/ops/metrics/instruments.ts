// SPDX-License-Identifier: AGPL-3.0-only
import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from "prom-client";

const turnBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160];
const firstTokenBuckets = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 30];
const interTokenBuckets = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1];

/** A registry that renders OpenMetrics. */
export function createRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** The instruments whose names others rely on (see ARCHITECTURE.md): add, never rename. */
export function createInstruments(registry: Registry<OpenMetricsContentType>) {
  const registers = [registry];
  return {
    turnSeconds: new Histogram({
      name: "hearth_turn_seconds",
      help: "From the beginning of a turn to its end, by how it ended.",
      labelNames: ["outcome"],
      buckets: turnBuckets,
      registers,
    }),
    firstTokenSeconds: new Histogram({
      name: "hearth_time_to_first_token_seconds",
      help: "From a generation's request to its first token, the queue included.",
      buckets: firstTokenBuckets,
      registers,
    }),
    interTokenSeconds: new Histogram({
      name: "hearth_inter_token_seconds",
      help: "Between two pieces of one answer.",
      buckets: interTokenBuckets,
      registers,
    }),
    tokens: new Counter({
      name: "hearth_tokens_total",
      help: "Tokens read (prompt) and written (completion).",
      labelNames: ["kind"],
      registers,
    }),
    prefixHitTokens: new Counter({
      name: "hearth_prefix_hit_tokens_total",
      help: "Prompt tokens that came out of the KV cache instead of being read again.",
      registers,
    }),
    messages: new Counter({
      name: "hearth_messages_total",
      help: "Messages by channel, direction and what became of them.",
      labelNames: ["channel", "direction", "outcome"],
      registers,
    }),
    egressBytes: new Counter({
      name: "hearth_egress_bytes_total",
      help: "Bytes that left the box, by purpose.",
      labelNames: ["purpose"],
      registers,
    }),
    batchOccupancy: new Gauge({
      name: "hearth_batch_occupancy",
      help: "Share of the engine's sequences that are running, 0 to 1.",
      registers,
    }),
    queueDepth: new Gauge({
      name: "hearth_queue_depth",
      help: "What waits, by queue.",
      labelNames: ["queue"],
      registers,
    }),
  };
}

export type Instruments = ReturnType<typeof createInstruments>;

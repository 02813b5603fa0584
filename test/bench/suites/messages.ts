// SPDX-License-Identifier: AGPL-3.0-only
import { type BenchRow, benchRow } from "../harness/report.ts";
import { median } from "../harness/statistics.ts";
import { type DurableMessages, measureDurableMessages } from "../messages/index.ts";

/** Messages through inbox, gateway and outbox with every commit on disk; the agent answers at once. */
export async function messagesSuite(isQuick: boolean): Promise<readonly BenchRow[]> {
  const runs: DurableMessages[] = [];
  for (let run = 0; run < (isQuick ? 3 : 5); run += 1) {
    const messages = isQuick ? 2000 : 5000;
    runs.push(
      await measureDurableMessages({ messages, conversations: 50, inFlight: 200, singles: isQuick ? 100 : 300 }),
    );
  }
  const of = (figure: (run: DurableMessages) => number): number => median(runs.map(figure));
  return [
    benchRow(
      "durable messages through inbox and outbox",
      of((run) => run.messagesPerSecond),
      "messages/s",
      { of: "value", bound: ">=", than: 1000 },
    ),
    benchRow(
      "one durable message, the box's own work, p50",
      of((run) => run.singleMessageP50Ms),
      "ms",
      { of: "value", bound: "<", than: 5 },
    ),
    benchRow(
      "one durable message, the box's own work, p95",
      of((run) => run.singleMessageP95Ms),
      "ms",
      null,
    ),
    benchRow(
      "CPU a message",
      of((run) => run.cpuMsPerMessage),
      "ms",
      null,
    ),
  ];
}

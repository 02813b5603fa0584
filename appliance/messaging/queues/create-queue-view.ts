// SPDX-License-Identifier: AGPL-3.0-only
import type { MessageStorage } from "../router/index.ts";

/** A message that was given up. */
export interface DeadLetter {
  /** Inbox id or outbox client id. */
  readonly id: string;
  readonly direction: "in" | "out";
  readonly channel: string;
  readonly attempts: number;
  /** Why, such as `callback-refused`. */
  readonly code: string;
  readonly atMs: number;
}

/** Delivery of the reply to one inbox row. */
export interface Delivery {
  readonly state: "queued" | "sending" | "accepted" | "unknown" | "failed";
  readonly receipt: "delivered" | "read" | "failed" | null;
  readonly attempts: number;
}

/** What waits, what is unknown and what was given up. */
export interface QueueCounts {
  readonly inboxWaiting: number;
  readonly inboxLeased: number;
  readonly oldestWaitingMs: number | null;
  readonly outboxWaiting: number;
  readonly outboxSending: number;
  readonly outboxRetrying: number;
  readonly outboxUnknown: number;
  readonly dead: number;
}

/** The read model of inbox and outbox; opens no text. */
export interface QueueView {
  counts(): QueueCounts;
  /** Newest first. */
  deadLetters(limit: number): readonly DeadLetter[];
  /** The reply's parts; the worst of them. Null when there is no reply yet. */
  delivery(inboxId: string): Delivery | null;
  /** Whether a row still waits for its answer. */
  isWaiting(inboxId: string): boolean;
}

interface CountRow {
  readonly state: string;
  readonly retrying: number;
  readonly n: number;
  readonly oldest: number | null;
}

/** Makes the {@link QueueView} over tables of migration 0002. */
export function createQueueView({ database }: Pick<MessageStorage, "database">): QueueView {
  const inboxCounts = database.query<CountRow, []>(
    "SELECT state, 0 AS retrying, count(*) AS n, min(received_ms) AS oldest FROM inbox WHERE state IN ('new', 'leased', 'dead') GROUP BY state",
  );
  const outboxCounts = database.query<CountRow, []>(
    `SELECT state, attempts > 0 AS retrying, count(*) AS n, NULL AS oldest FROM outbox
     WHERE state IN ('queued', 'sending', 'unknown', 'failed') GROUP BY state, retrying`,
  );
  const dead = database.query<DeadLetter, [number]>(
    `SELECT id, 'in' AS direction, channel, attempts, coalesce(reason, 'given-up') AS code, coalesce(finished_ms, received_ms) AS atMs
       FROM inbox WHERE state = 'dead'
     UNION ALL
     SELECT client_id, 'out', channel, attempts, coalesce(code, 'given-up'), updated_ms FROM outbox WHERE state = 'failed'
     ORDER BY atMs DESC LIMIT ?1`,
  );
  const delivery = database.query<Delivery, [string]>(
    `SELECT state, receipt, attempts FROM outbox WHERE inbox_id = ?1
     ORDER BY CASE state WHEN 'failed' THEN 0 WHEN 'unknown' THEN 1 WHEN 'queued' THEN 2 WHEN 'sending' THEN 3 ELSE 4 END LIMIT 1`,
  );
  const waiting = database.query<{ n: number }, [string]>(
    "SELECT count(*) AS n FROM inbox WHERE id = ?1 AND state IN ('new', 'leased')",
  );
  return {
    counts() {
      const inbox = inboxCounts.all();
      const outbox = outboxCounts.all();
      const sum = (rows: readonly CountRow[], keep: (row: CountRow) => boolean): number =>
        rows.filter(keep).reduce((total, row) => total + row.n, 0);
      return {
        inboxWaiting: sum(inbox, (row) => row.state === "new"),
        inboxLeased: sum(inbox, (row) => row.state === "leased"),
        oldestWaitingMs: inbox.find((row) => row.state === "new")?.oldest ?? null,
        outboxWaiting: sum(outbox, (row) => row.state === "queued" && row.retrying === 0),
        outboxSending: sum(outbox, (row) => row.state === "sending"),
        outboxRetrying: sum(outbox, (row) => row.state === "queued" && row.retrying === 1),
        outboxUnknown: sum(outbox, (row) => row.state === "unknown"),
        dead: sum(inbox, (row) => row.state === "dead") + sum(outbox, (row) => row.state === "failed"),
      };
    },
    deadLetters: (limit) => dead.all(limit),
    delivery: (inboxId) => delivery.get(inboxId),
    isWaiting: (inboxId) => (waiting.get(inboxId)?.n ?? 0) > 0,
  };
}

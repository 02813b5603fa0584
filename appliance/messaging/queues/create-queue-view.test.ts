// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { join } from "node:path";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { openStorage } from "../../ops/storage/index.ts";
import { createQueueView } from "./index.ts";

test("counts what waits, names what was given up, and says the worst of a reply's parts", () => {
  using directory = temporaryDirectory();
  using storage = openStorage({ path: join(directory.path, "hearth.db") });
  const received = storage.database.query(
    `INSERT INTO inbox (id, channel, event_index, lane_index, conversation_index, is_immediate, state, owner, reason, received_ms, finished_ms)
     VALUES (?1, 'shop', ?1, 'l', 'c', 0, ?2, 'system', ?3, ?4, ?5)`,
  );
  received.run("in-1", "new", null, 2000, null);
  received.run("in-2", "new", null, 1000, null);
  received.run("in-3", "leased", null, 500, null);
  received.run("in-4", "dead", "engine-unavailable", 400, 9000);
  received.run("in-5", "done", null, 300, 350);
  const sent = storage.database.query(
    `INSERT INTO outbox (client_id, inbox_id, part, channel, conversation_index, owner, state, payload, attempts, code, created_ms, updated_ms)
     VALUES (?1, ?2, ?3, 'shop', 'c', 'system', ?4, x'00', ?5, ?6, 1, ?7)`,
  );
  sent.run("out-1", "in-5", 0, "accepted", 1, null, 10);
  sent.run("out-2", "in-5", 1, "queued", 2, null, 10);
  sent.run("out-3", "in-6", 0, "queued", 0, null, 10);
  sent.run("out-4", "in-7", 0, "unknown", 1, null, 10);
  sent.run("out-5", "in-8", 0, "failed", 9, "callback-refused", 9500);

  const view = createQueueView(storage);
  expect(view.counts()).toEqual({
    inboxWaiting: 2,
    inboxLeased: 1,
    oldestWaitingMs: 1000,
    outboxWaiting: 1,
    outboxSending: 0,
    outboxRetrying: 1,
    outboxUnknown: 1,
    dead: 2,
  });
  expect(view.deadLetters(10).map(({ id, direction, code }) => [id, direction, code])).toEqual([
    ["out-5", "out", "callback-refused"],
    ["in-4", "in", "engine-unavailable"],
  ]);
  expect(view.deadLetters(1)).toHaveLength(1);
  expect(view.delivery("in-5")).toEqual({ state: "queued", receipt: null, attempts: 2 });
  expect(view.delivery("in-1")).toBeNull();
  expect(["in-1", "in-3", "in-4", "in-5", "none"].filter((id) => view.isWaiting(id))).toEqual(["in-1", "in-3"]);
});

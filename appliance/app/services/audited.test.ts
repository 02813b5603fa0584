// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { HearthError } from "../../../shared/errors/index.ts";
import type { AuditEvent } from "../../gateway/audit/index.ts";
import { audited } from "./audited.ts";

const event: AuditEvent = { actor: "control-socket", action: "channel-adding", target: "shop" };

test("what is done stands in the log before it is begun", async () => {
  const entries: AuditEvent[] = [];
  const result = await audited({ append: (entry) => void entries.push(entry) }, event, () => entries.length);
  expect(result).toBe(1);
  expect(entries).toEqual([event]);
});

test("what failed is written down as failed, with its code and without its words", async () => {
  const entries: AuditEvent[] = [];
  const refused = new HearthError({ code: "channel-exists", message: "a secret word" });
  const attempt = audited({ append: (entry) => void entries.push(entry) }, event, () => Promise.reject(refused));
  await expect(attempt).rejects.toBe(refused);
  expect(entries.map(({ action, details }) => ({ action, details }))).toEqual([
    { action: "channel-adding", details: undefined },
    { action: "channel-adding-failed", details: { code: "channel-exists" } },
  ]);
});

// SPDX-License-Identifier: AGPL-3.0-only
// kill -9 of the box and of its engine at every numbered step of a message's way, for each channel. After the restart
// there must be exactly one reply: nothing lost, nothing doubled, nothing unknown.
import { afterAll, describe, expect, test } from "bun:test";
import { messageSteps } from "../../shared/lifecycle/index.ts";
import { webChatFaultChannel } from "./channels/web-chat-channel.ts";
import { webhookFaultChannel } from "./channels/webhook-channel.ts";
import { xmppFaultChannel } from "./channels/xmpp-channel.ts";
import { type CrashRow, crashOnce, renderCrashTable } from "./crash-table.ts";

const channels = [webhookFaultChannel, webChatFaultChannel, xmppFaultChannel];
const rows: CrashRow[] = [];

for (const channel of channels) {
  for (const killed of ["main", "engine"] as const) {
    describe.skipIf(channel.missing !== undefined)(`${channel.name}, ${killed} killed`, () => {
      for (const step of messageSteps) {
        test(`at ${step}: one reply`, async () => {
          const row = await crashOnce(channel, killed, step);
          rows.push(row);
          expect(row).toMatchObject({ lost: 0, doubled: 0, unknown: 0, isReached: true });
          expect(row.reply).toContain("7411");
        }, 120_000);
      }
    });
  }
}

afterAll(() => process.stdout.write(`\n${renderCrashTable(rows)}\n`));

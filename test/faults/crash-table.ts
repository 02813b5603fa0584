// SPDX-License-Identifier: AGPL-3.0-only
import type { messageSteps } from "../../shared/lifecycle/index.ts";
import { createHearthHome, eventually, startAppliance } from "../harness/appliance-process.ts";
import type { FaultChannel, FaultPeer } from "./channels/fault-channel.ts";

/** What became of one message when a process was killed at a step of its way. */
export interface CrashRow {
  readonly channel: string;
  readonly killed: "main" | "engine";
  readonly step: (typeof messageSteps)[number];
  /** Whether the message's way passes the step at all on this channel. */
  readonly isReached: boolean;
  readonly lost: number;
  readonly doubled: number;
  /** Replies whose fate the box itself calls unknown. */
  readonly unknown: number;
  readonly reply: string;
}

export const question = "Which port does Hearth use?";
const settleMs = 700;

/** Kills `killed` at `step` while one message is on its way, lets the box come back, and counts its replies. */
export async function crashOnce(
  channel: FaultChannel,
  killed: CrashRow["killed"],
  step: CrashRow["step"],
): Promise<CrashRow> {
  using home = await createHearthHome();
  await using prepared = await channel.prepare(home);
  let appliance = await startAppliance(home, { HEARTH_TEST_CRASH_AT: `${killed}:${step}` });
  try {
    await using peer = await prepared.connect(appliance);
    await untilOnline(home, channel.name);
    peer.say("m1", question);
    let isReached = await wasKilled(appliance, peer, killed);
    if (killed === "main" && isReached) {
      await using _dead = appliance;
      appliance = await startAppliance(home);
      await peer.reconnect(appliance);
    }
    await eventually(
      () => peer.repliesTo("m1").length > 0,
      `a reply over ${channel.name} after ${killed} was killed at ${step}`,
      45_000,
    ).catch(() => undefined);
    await Bun.sleep(settleMs);
    if (killed === "engine") isReached = (await status(home)).engine.restarts > 0;
    const replies = peer.repliesTo("m1");
    return {
      channel: channel.name,
      killed,
      step,
      isReached,
      lost: replies.length === 0 ? 1 : 0,
      doubled: Math.max(0, replies.length - 1),
      unknown: (await status(home)).queues.unknown,
      reply: replies[0] ?? "",
    };
  } finally {
    await appliance[Symbol.asyncDispose]();
  }
}

interface StatusFacts {
  readonly engine: { readonly restarts: number };
  readonly queues: { readonly unknown: number };
}

function status(home: Awaited<ReturnType<typeof createHearthHome>>): Promise<StatusFacts> {
  return home.command<StatusFacts>(["status"]);
}

/** Waits until the process died, or the message was answered without it. */
async function wasKilled(
  appliance: Awaited<ReturnType<typeof startAppliance>>,
  peer: FaultPeer,
  killed: CrashRow["killed"],
): Promise<boolean> {
  let isDead = false;
  void appliance.ended.then(() => {
    isDead = true;
  });
  await eventually(() => isDead || peer.repliesTo("m1").length > 0, "a crash or a reply", 45_000);
  // The last steps come after the reply has left.
  if (!isDead) await Bun.sleep(settleMs);
  return killed === "main" && isDead;
}

async function untilOnline(home: Awaited<ReturnType<typeof createHearthHome>>, kind: string): Promise<void> {
  await eventually(async () => {
    const { channels } = await home.command<{ channels: { kind: string; connection: { status: string } }[] }>([
      "channel",
      "ls",
    ]);
    return channels.some((channel) => channel.kind === kind && channel.connection.status === "online");
  }, `the channel ${kind} online`);
}

/** The rows as a table: the proof that the issue tracker, the docs and people read. */
export function renderCrashTable(rows: readonly CrashRow[]): string {
  const lines = rows.map((row) =>
    [
      row.channel.padEnd(9),
      row.killed.padEnd(7),
      row.step.padEnd(25),
      row.isReached ? "yes    " : "no     ",
      String(row.lost).padEnd(5),
      String(row.doubled).padEnd(8),
      String(row.unknown),
    ].join(" "),
  );
  return `channel   killed  at step                   reached lost  doubled  unknown\n${lines.join("\n")}\n`;
}

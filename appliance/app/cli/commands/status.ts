// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import type { Link, Status } from "../../../lan/http-api/index.ts";
import type { CommandRunner } from "../command-runner.ts";
import { formatBytes, formatDuration } from "../format.ts";

/** `hearth status` and `hearth open`. */
export function addStatusCommands(program: Command, runner: CommandRunner): void {
  const status = program.command("status").description("is the box well, and what needs somebody");
  runner.attach(status, async (context) => {
    const answer = await (await context.box()).call<Status>("GET", "/api/status");
    return { json: answer, text: renderStatus(answer), exitCode: answer.isRunning && !answer.isReady ? 1 : 0 };
  });

  const open = program
    .command("open")
    .description("make a one-time link that signs a browser in to the console")
    .option("--person <id>", "for this person instead of the owner");
  runner.attach(open, async (context, options: { person?: string }) => {
    const box = await context.box();
    const link = await box.call<Link>(
      "POST",
      "/api/links",
      options.person === undefined ? {} : { personId: options.person },
    );
    const minutes = formatDuration(link.expiresMs - Date.now());
    const hint = box.isRunning ? "" : "The appliance is not running: start it with `hearth up` first.\n";
    return {
      json: link,
      text: `${link.url}\n${hint}Opens once, within ${minutes}. Whoever has it is signed in: do not share it.\n`,
    };
  });
}

/** A status for a person, one fact a line. */
export function renderStatus(status: Status): string {
  const problem = status.problem === undefined ? "" : `: ${status.problem}`;
  const state = !status.isRunning ? "not running" : status.isReady ? "ready" : `not ready${problem}`;
  const engine = status.engine;
  const lines: [string, string][] = [
    ["box", `${status.name} ${status.version}, ${state}`],
    ["data", status.home],
  ];
  if (status.isRunning) {
    lines.push(
      ["address", status.addresses.join(" ") || "–"],
      ["running for", formatDuration(status.nowMs - status.startedMs)],
      [
        "engine",
        `${engine.state}, ${engine.model ?? "no model"}, ${engine.runningSequences} of ${engine.maxSequences} sequences, ${engine.queuedRequests} queued`,
      ],
      [
        "speed",
        `${engine.decodeTokensPerSecond.toFixed(0)} tokens/s written, ${engine.prefillTokensPerSecond.toFixed(0)} read`,
      ],
      [
        "memory",
        `${formatBytes(status.memoryBytes + engine.memoryBytes)} (${formatBytes(engine.memoryBytes)} of it the engine)`,
      ],
    );
  }
  const { channels, queues } = status;
  lines.push(
    [
      "channels",
      `${channels.online} of ${channels.total} online${channels.failing > 0 ? `, ${channels.failing} failing` : ""}`,
    ],
    [
      "people",
      `${status.people}${status.pendingPairings > 0 ? `, ${status.pendingPairings} waiting to be let in (hearth person pairing)` : ""}`,
    ],
    [
      "messages",
      `${queues.inboxWaiting} waiting, ${queues.outboxWaiting} to be sent, ${queues.unknown} unknown, ${queues.deadLetters} given up`,
    ],
  );
  return lines.map(([name, value]) => `${name.padEnd(12)} ${value}\n`).join("");
}

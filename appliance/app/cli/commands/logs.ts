// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import type { LogList } from "../../../lan/http-api/index.ts";
import type { CommandRunner } from "../command-runner.ts";
import { parseWholeNumber } from "../parse-number.ts";
import { harmless } from "../render-table.ts";

const pollMs = 500;

/** `hearth logs`: events with their values; never message text. */
export function addLogsCommand(program: Command, runner: CommandRunner): void {
  const logs = program
    .command("logs")
    .description("what the box did: events, never message text")
    .option("--limit <n>", "how many lines", "100")
    .option("--follow", "go on as lines come");
  runner.attach(logs, async (context, options: { limit: string; follow?: boolean }) => {
    const limit = parseWholeNumber("--limit", options.limit, [1, 1000]);
    const box = await context.box();
    let list = await box.call<LogList>("GET", `/api/logs?limit=${limit}`);
    if (options.follow !== true || !box.isRunning) return { json: list, text: renderLines(list) };
    for (;;) {
      context.io.write(
        context.isJson ? list.lines.map((line) => `${JSON.stringify(line)}\n`).join("") : renderLines(list),
      );
      await Bun.sleep(pollMs);
      list = await box.call<LogList>("GET", `/api/logs?after=${list.next}`);
    }
  });
}

function renderLines(list: LogList): string {
  return list.lines
    .map((line) => {
      const fields = Object.entries(line.fields)
        .map(([name, value]) => ` ${name}=${harmless(String(value))}`)
        .join("");
      return `${new Date(line.atMs).toISOString()} ${line.level.padEnd(5)} ${line.module} ${line.event}${fields}\n`;
    })
    .join("");
}

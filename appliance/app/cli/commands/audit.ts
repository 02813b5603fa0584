// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import type { AuditList, AuditVerification } from "../../../lan/http-api/index.ts";
import type { CommandRunner } from "../command-runner.ts";
import { formatTime } from "../format.ts";
import { parseWholeNumber } from "../parse-number.ts";
import { renderTable } from "../render-table.ts";

/** `hearth audit ls | verify`. */
export function addAuditCommands(program: Command, runner: CommandRunner): void {
  const audit = program.command("audit").description("the append-only log of what was done to the box");
  const list = audit
    .command("ls")
    .description("the latest entries")
    .option("--limit <n>", "how many", "50")
    .option("--before <sequence>", "only entries older than the one of this number");
  runner.attach(list, async (context, options: { limit: string; before?: string }) => {
    const limit = parseWholeNumber("--limit", options.limit, [1, 500]);
    // The API's `after` is the place in a list that is newest first: what comes after it is older.
    const page =
      options.before === undefined ? "" : `&after=${parseWholeNumber("--before", options.before, [1, 1_000_000_000])}`;
    const found = await (await context.box()).call<AuditList>("GET", `/api/audit?limit=${limit}${page}`);
    const text = renderTable(
      found.entries,
      [
        { heading: "#", cell: (row) => String(row.sequence), isNumeric: true },
        { heading: "when", cell: (row) => formatTime(row.atMs) },
        { heading: "who", cell: (row) => row.actor },
        { heading: "what", cell: (row) => row.action },
        { heading: "to what", cell: (row) => row.target ?? "" },
        { heading: "hash", cell: (row) => row.hash.slice(0, 12) },
      ],
      "nothing yet",
    );
    return { json: found, text };
  });
  runner.attach(
    audit.command("verify").description("find any change, gap or truncation in the audit log"),
    async (context) => {
      const found = await (await context.box()).call<AuditVerification>("POST", "/api/audit/verify");
      const text = found.isIntact
        ? `intact: ${found.entries} entries\n`
        : `NOT intact at entry ${found.brokenAt ?? "?"}: ${found.problem ?? "unknown"}\n`;
      return { json: found, text, exitCode: found.isIntact ? 0 : 1 };
    },
  );
}

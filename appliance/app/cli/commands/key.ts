// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import type { ApiKeyList, CreatedApiKey } from "../../../lan/http-api/index.ts";
import type { CommandRunner } from "../command-runner.ts";
import { formatTime } from "../format.ts";
import { parseWholeNumber } from "../parse-number.ts";
import { renderTable } from "../render-table.ts";

interface CreateOptions {
  readonly name: string;
  readonly scope?: readonly string[];
  readonly person?: string;
  readonly days?: string;
}

/** `hearth key create | ls | rm`. */
export function addKeyCommands(program: Command, runner: CommandRunner): void {
  const key = program.command("key").description("keys for the OpenAI-compatible API");
  const create = key
    .command("create")
    .description("make a key; it is shown this once")
    .requiredOption("--name <name>", "what it is for")
    .option("--scope <scope...>", "models, agent, metrics, read, admin (default: models agent)")
    .option("--person <id>", "whose key it is (default: the owner's)")
    .option("--days <n>", "expires after so many days (default: never)");
  runner.attach(create, async (context, options: CreateOptions) => {
    const days = options.days === undefined ? undefined : parseWholeNumber("--days", options.days, [1, 3650]);
    const created = await (await context.box()).call<CreatedApiKey>("POST", "/api/keys", {
      name: options.name,
      ...(options.scope === undefined ? {} : { scopes: options.scope }),
      ...(options.person === undefined ? {} : { personId: options.person }),
      ...(days === undefined ? {} : { expiresInDays: days }),
    });
    return { json: created, text: `${created.key}\nKeep it now: it is not shown again.\n` };
  });
  runner.attach(key.command("ls").description("list keys"), async (context) => {
    const list = await (await context.box()).call<ApiKeyList>("GET", "/api/keys");
    const text = renderTable(
      list.keys,
      [
        { heading: "id", cell: (row) => row.id },
        { heading: "name", cell: (row) => row.name },
        { heading: "scopes", cell: (row) => row.scopes.join(" ") },
        { heading: "created", cell: (row) => formatTime(row.createdMs) },
        { heading: "expires", cell: (row) => formatTime(row.expiresMs) },
        { heading: "last used", cell: (row) => formatTime(row.lastUsedMs) },
      ],
      "no keys yet: hearth key create --name NAME",
    );
    return { json: list, text };
  });
  runner.attach(key.command("rm <id>").description("revoke a key, at once"), async (context, id: string) => {
    await (await context.box()).call("DELETE", `/api/keys/${encodeURIComponent(id)}`);
    return { json: { removed: id }, text: `key ${id} revoked\n` };
  });
}

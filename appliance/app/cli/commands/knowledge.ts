// SPDX-License-Identifier: AGPL-3.0-only
import { resolve } from "node:path";
import type { Command } from "commander";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { AddedKnowledge, KnowledgeList, KnowledgeSearch } from "../../../lan/http-api/index.ts";
import type { CommandRunner } from "../command-runner.ts";
import { formatBytes, formatPlural, formatTime } from "../format.ts";
import { parseWholeNumber } from "../parse-number.ts";
import { harmless, renderTable } from "../render-table.ts";

const maxInputBytes = 4 * 1024 * 1024;

/** `hearth knowledge add | ls | search | rm`. */
export function addKnowledgeCommands(program: Command, runner: CommandRunner): void {
  const knowledge = program.command("knowledge").description("texts that the agent answers from");
  const add = knowledge
    .command("add <path>")
    .description("add a file or a folder of texts; - reads a text from standard input")
    .option("--title <title>", "title of a text from standard input", "Notes");
  runner.attach(add, async (context, path: string, options: { title: string }) => {
    if (path.trim() === "") {
      throw new HearthError({
        code: "path-empty",
        message: "the path is empty",
        remedy: "Name a file or a folder; . is the folder you are in.",
      });
    }
    const body =
      path === "-"
        ? { title: options.title, text: await context.io.readInput(maxInputBytes) }
        : { path: resolve(context.io.workingDirectory, path) };
    const added = await (await context.box()).call<AddedKnowledge>("POST", "/api/knowledge", body);
    const skipped = added.skipped.map((file) => `skipped ${harmless(file.path)}: ${file.reason}\n`).join("");
    const passages = added.sources.reduce((sum, source) => sum + source.passages, 0);
    return { json: added, text: `${added.sources.length} added, ${formatPlural(passages, "passage")}\n${skipped}` };
  });
  runner.attach(knowledge.command("ls").description("list what was added"), async (context) => {
    const list = await (await context.box()).call<KnowledgeList>("GET", "/api/knowledge");
    return { json: list, text: renderSources(list) };
  });
  const search = knowledge
    .command("search <words...>")
    .description("what the agent would be shown for a question")
    .option("--limit <n>", "how many", "5");
  runner.attach(search, async (context, words: string[], options: { limit: string }) => {
    const limit = parseWholeNumber("--limit", options.limit, [1, 50]);
    const query = `q=${encodeURIComponent(words.join(" "))}&limit=${limit}`;
    const found = await (await context.box()).call<KnowledgeSearch>("GET", `/api/knowledge/search?${query}`);
    const text = found.passages
      .map((passage) => `${passage.score.toFixed(2)}  ${harmless(passage.heading)}\n      ${harmless(passage.text)}\n`)
      .join("");
    return { json: found, text: text || "nothing fits well enough to be shown\n" };
  });
  runner.attach(knowledge.command("rm <id>").description("remove a text"), async (context, id: string) => {
    await (await context.box()).call("DELETE", `/api/knowledge/${encodeURIComponent(id)}`);
    return { json: { removed: id }, text: `${id} removed\n` };
  });
}

function renderSources(list: KnowledgeList): string {
  return renderTable(
    list.sources,
    [
      { heading: "id", cell: (row) => row.id },
      { heading: "title", cell: (row) => row.title },
      { heading: "kind", cell: (row) => row.kind },
      { heading: "passages", cell: (row) => String(row.passages), isNumeric: true },
      { heading: "size", cell: (row) => formatBytes(row.sizeBytes), isNumeric: true },
      { heading: "added", cell: (row) => formatTime(row.addedMs) },
    ],
    "nothing yet: hearth knowledge add PATH",
  );
}

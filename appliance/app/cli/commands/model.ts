// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import type { Model, ModelInspection, ModelList } from "../../../lan/http-api/index.ts";
import type { CommandRunner } from "../command-runner.ts";
import { formatBytes } from "../format.ts";
import { pathOrName } from "../path-or-name.ts";
import { renderTable } from "../render-table.ts";

/** `hearth model ls | use | inspect | rm`. */
export function addModelCommands(program: Command, runner: CommandRunner): void {
  const model = program.command("model").description("the models that answer");
  runner.attach(model.command("ls").description("list the models on this box"), async (context) => {
    const list = await (await context.box()).call<ModelList>("GET", "/api/models");
    return { json: list, text: renderModels(list.models) };
  });
  runner.attach(
    model.command("use <model>").description("answer with this model: its name, or the path of a GGUF"),
    async (context, name: string) => {
      const box = await context.box();
      const used = await box.call<Model>("POST", "/api/models/use", {
        model: pathOrName(name, context.io.workingDirectory),
      });
      return {
        json: used,
        text: `${used.id} answers ${box.isRunning ? "from now on" : "when the appliance starts"}\n`,
      };
    },
  );
  runner.attach(
    model.command("inspect <model>").description("what a GGUF says about itself, and whether it fits here"),
    async (context, name: string) => {
      const found = await (await context.box()).call<ModelInspection>("POST", "/api/models/inspect", {
        model: pathOrName(name, context.io.workingDirectory),
      });
      return { json: found, text: renderInspection(found) };
    },
  );
  runner.attach(
    model.command("rm <model>").description("delete a model of the models folder"),
    async (context, name: string) => {
      await (await context.box()).call("DELETE", `/api/models/${encodeURIComponent(name)}`);
      return { json: { removed: name }, text: `model ${name} deleted\n` };
    },
  );
}

function renderModels(models: readonly Model[]): string {
  return renderTable(
    models,
    [
      { heading: "", cell: (row) => (row.isDefault ? "*" : "") },
      { heading: "model", cell: (row) => row.id },
      { heading: "architecture", cell: (row) => row.architecture ?? "–" },
      {
        heading: "parameters",
        cell: (row) => (row.parameterCount === undefined ? "–" : formatCount(row.parameterCount)),
        isNumeric: true,
      },
      {
        heading: "size",
        cell: (row) => (row.sizeBytes === undefined ? "–" : formatBytes(row.sizeBytes)),
        isNumeric: true,
      },
      {
        heading: "context",
        cell: (row) => (row.contextTokens === 0 ? "–" : String(row.contextTokens)),
        isNumeric: true,
      },
      { heading: "state", cell: stateOf },
    ],
    "no models",
  );
}

function stateOf({ isLoaded, problem, sizeBytes }: Model): string {
  if (problem !== undefined) return sizeBytes === undefined ? "missing" : "unusable";
  return isLoaded ? "loaded" : "";
}

function renderInspection(found: ModelInspection): string {
  const facts: [string, string | undefined][] = [
    ["model", found.id],
    ["file", found.path],
    ["name", found.name],
    ["architecture", found.architecture],
    ["parameters", found.parameterCount === undefined ? undefined : formatCount(found.parameterCount)],
    ["size", found.sizeBytes === undefined ? undefined : formatBytes(found.sizeBytes)],
    ["quantization", found.quantization],
    ["trained for", found.trainedContextTokens === undefined ? undefined : `${found.trainedContextTokens} tokens`],
    ["licence", found.licence],
    ["chat", found.hasChatTemplate ? "has a chat template" : "no chat template: a plain one is used"],
  ];
  if (found.memory !== undefined) {
    const { weightsBytes, contextBytes, neededBytes, availableBytes, fits } = found.memory;
    facts.push([
      "memory",
      `${formatBytes(neededBytes)} needed (${formatBytes(weightsBytes)} weights, ${formatBytes(contextBytes)} context), ${formatBytes(availableBytes)} free: ${fits ? "fits" : "does not fit"}`,
    ]);
  }
  for (const problem of found.problems) facts.push(["note", problem]);
  return facts
    .filter((fact): fact is [string, string] => fact[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(13)} ${value}\n`)
    .join("");
}

function formatCount(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return String(count);
}

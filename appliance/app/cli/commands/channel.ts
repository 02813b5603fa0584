// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { Channel, ChannelKind, ChannelKindList, ChannelList } from "../../../lan/http-api/index.ts";
import { configFromOptions } from "../channel-options.ts";
import type { CommandRunner } from "../command-runner.ts";
import { formatTime } from "../format.ts";
import { renderTable } from "../render-table.ts";

interface AddOptions {
  readonly name?: string;
  readonly policy?: "closed" | "pairing" | "anyone";
  readonly anyone?: boolean;
}

/** `hearth channel ls | kinds | add | set | pause | resume | restart | rm`. */
export function addChannelCommands(program: Command, runner: CommandRunner): void {
  const channel = program.command("channel").description("the messaging apps that the box answers in");
  addListing(channel, runner);
  addAdding(channel, runner);
  addChanging(channel, runner);
}

function addListing(channel: Command, runner: CommandRunner): void {
  runner.attach(channel.command("ls").description("list channels and their connections"), async (context) => {
    const { channels } = await (await context.box()).call<ChannelList>("GET", "/api/channels");
    return { json: { channels }, text: renderChannels(channels) };
  });
  runner.attach(
    channel.command("kinds").description("what can be added, and what each kind needs"),
    async (context) => {
      const { kinds } = await (await context.box()).call<ChannelKindList>("GET", "/api/channels/kinds");
      return { json: { kinds }, text: kinds.map(renderKind).join("\n") };
    },
  );
}

function addAdding(channel: Command, runner: CommandRunner): void {
  const add = channel
    .command("add <kind> [settings...]")
    .description(
      "connect a channel; each setting of its kind is an option (see: hearth channel kinds), - reads a secret from standard input",
    )
    .option("--name <name>", "name of the channel, lower-case (default: its kind)")
    .option("--policy <policy>", "who may talk: closed, pairing or anyone", "pairing")
    .option("--anyone", "same as --policy anyone: every sender is answered, as a guest")
    .allowUnknownOption()
    .addHelpText(
      "after",
      "\nEach kind has settings of its own, which are options too. They are listed by:\n  hearth channel kinds\n\nExample:\n  hearth channel add webhook --name shop --secret S --callback https://example.com/in --anyone",
    );
  runner.attach(add, async (context, kindName: string, settings: string[], options: AddOptions) => {
    const box = await context.box();
    const { kinds } = await box.call<ChannelKindList>("GET", "/api/channels/kinds");
    const kind = kinds.find((candidate) => candidate.kind === kindName);
    if (kind === undefined) {
      throw new HearthError({
        code: "unknown-channel-kind",
        message: `there is no channel kind "${kindName}"`,
        remedy: `Kinds: ${kinds.map((candidate) => candidate.kind).join(", ")}.`,
      });
    }
    const config = await configFromOptions(kind.configSchema, settings, () => context.io.readInput(65_536));
    const added = await box.call<Channel>("POST", "/api/channels", {
      kind: kindName,
      name: options.name ?? kindName,
      policy: options.anyone === true ? "anyone" : options.policy,
      config,
    });
    const when = box.isRunning ? "connecting now" : "connects when the appliance starts";
    return { json: added, text: `channel ${added.name} added (${added.kind}, ${added.policy}); ${when}\n` };
  });
}

function addChanging(channel: Command, runner: CommandRunner): void {
  const change = async (
    context: Parameters<Parameters<CommandRunner["attach"]>[1]>[0],
    name: string,
    body: unknown,
  ) => {
    const changed = await (await context.box()).call<Channel>(
      "PATCH",
      `/api/channels/${encodeURIComponent(name)}`,
      body,
    );
    return { json: changed, text: renderChannels([changed]) };
  };
  runner.attach(
    channel.command("policy <name> <policy>").description("who may talk: closed, pairing or anyone"),
    (context, name: string, policy: string) => change(context, name, { policy }),
  );
  runner.attach(channel.command("pause <name>").description("disconnect, keep everything"), (context, name: string) =>
    change(context, name, { isEnabled: false }),
  );
  runner.attach(channel.command("resume <name>").description("connect again"), (context, name: string) =>
    change(context, name, { isEnabled: true }),
  );
  runner.attach(
    channel.command("restart <name>").description("disconnect and connect anew"),
    async (context, name: string) => {
      const changed = await (await context.box()).call<Channel>(
        "POST",
        `/api/channels/${encodeURIComponent(name)}/restart`,
      );
      return { json: changed, text: renderChannels([changed]) };
    },
  );
  runner.attach(
    channel.command("rm <name>").description("disconnect and forget the channel and its secrets"),
    async (context, name: string) => {
      await (await context.box()).call("DELETE", `/api/channels/${encodeURIComponent(name)}`);
      return { json: { removed: name }, text: `channel ${name} removed\n` };
    },
  );
}

function renderChannels(channels: readonly Channel[]): string {
  return renderTable(
    channels,
    [
      { heading: "name", cell: (row) => row.name },
      { heading: "kind", cell: (row) => row.kind },
      { heading: "who", cell: (row) => row.policy },
      { heading: "state", cell: (row) => (row.isEnabled ? row.connection.status : "paused") },
      { heading: "last message", cell: (row) => formatTime(row.lastReceivedMs) },
      { heading: "to send", cell: (row) => String(row.pending), isNumeric: true },
      { heading: "problem", cell: (row) => row.connection.message ?? row.connection.code ?? "" },
    ],
    "no channels yet: hearth channel add --help",
  );
}

function renderKind(kind: ChannelKind): string {
  const schema = kind.configSchema as {
    properties?: Record<string, { description?: string }>;
    required?: readonly string[];
  };
  const settings = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const mark = schema.required?.includes(name) === true ? "" : " (optional)";
    return `  --${name}  ${property.description ?? ""}${mark}\n`;
  });
  return `${kind.kind}  ${kind.name} ${kind.version}\n${settings.join("")}`;
}

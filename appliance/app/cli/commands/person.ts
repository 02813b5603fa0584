// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { DecisionList, PairingList, Person, PersonList } from "../../../lan/http-api/index.ts";
import type { CommandContext, CommandRunner } from "../command-runner.ts";
import { formatTime } from "../format.ts";
import { parseWholeNumber } from "../parse-number.ts";
import { renderTable } from "../render-table.ts";

/** `hearth person …`: who may talk to the box, and as what. */
export function addPersonCommands(program: Command, runner: CommandRunner): void {
  const person = program.command("person").description("who may talk to the box, and as what");
  addPeople(person, runner);
  addPairing(person, runner);
  const decisions = person
    .command("decisions")
    .description("why the gateway took or refused the latest messages")
    .option("--limit <n>", "how many", "20");
  runner.attach(decisions, async (context, options: { limit: string }) => {
    const limit = parseWholeNumber("--limit", options.limit, [1, 500]);
    const list = await (await context.box()).call<DecisionList>("GET", `/api/decisions?limit=${limit}`);
    return { json: list, text: renderDecisions(list) };
  });
}

function addPeople(person: Command, runner: CommandRunner): void {
  runner.attach(person.command("ls").description("list people"), async (context) => {
    const list = await (await context.box()).call<PersonList>("GET", "/api/people");
    return { json: list, text: renderPeople(list.people) };
  });
  const add = person
    .command("add <name>")
    .description("let somebody in before they write")
    .option("--role <role>", "owner, operator, member or guest", "member")
    .option("--address <channel=address...>", "an address that is this person, such as xmpp=ann@example.org");
  runner.attach(add, async (context, name: string, options: { role: string; address?: string[] }) => {
    const identities = (options.address ?? []).map(parseIdentity);
    const added = await (await context.box()).call<Person>("POST", "/api/people", {
      name,
      role: options.role,
      identities,
    });
    return { json: added, text: renderPeople([added]) };
  });
  const change = async (context: CommandContext, id: string, body: unknown) => {
    const changed = await (await context.box()).call<Person>("PATCH", `/api/people/${encodeURIComponent(id)}`, body);
    return { json: changed, text: renderPeople([changed]) };
  };
  runner.attach(
    person.command("role <id> <role>").description("make somebody owner, operator, member or guest"),
    (context, id: string, role: string) => change(context, id, { role }),
  );
  runner.attach(person.command("block <id>").description("answer them no more"), (context, id: string) =>
    change(context, id, { isBlocked: true }),
  );
  runner.attach(person.command("unblock <id>").description("answer them again"), (context, id: string) =>
    change(context, id, { isBlocked: false }),
  );
  runner.attach(
    person
      .command("rm <id>")
      .description("forget somebody: their key is destroyed, their messages are unreadable from then on"),
    async (context, id: string) => {
      await (await context.box()).call("DELETE", `/api/people/${encodeURIComponent(id)}`);
      return { json: { removed: id }, text: `${id} forgotten\n` };
    },
  );
}

function addPairing(person: Command, runner: CommandRunner): void {
  runner.attach(
    person.command("pairing").description("strangers who were given a code and wait to be let in"),
    async (context) => {
      const list = await (await context.box()).call<PairingList>("GET", "/api/pairing");
      return { json: list, text: renderPairings(list) };
    },
  );
  const approve = person
    .command("approve <code>")
    .description("let in the stranger who was given this code")
    .option("--role <role>", "operator, member or guest", "member")
    .option("--name <name>", "what to call them");
  runner.attach(approve, async (context, code: string, options: { role: string; name?: string }) => {
    const approved = await (await context.box()).call<Person>("POST", "/api/pairing/approve", { code, ...options });
    return { json: approved, text: renderPeople([approved]) };
  });
  const deny = person
    .command("deny <id-or-code>")
    .description("turn away a stranger who waits: by the id that `hearth person pairing` shows, or by their code")
    .option("--block", "give their address no code and no answer any more");
  runner.attach(deny, async (context, idOrCode: string, options: { block?: boolean }) => {
    const isBlocked = options.block === true;
    // A code has no such beginning: it is eight letters and digits without an underscore.
    const which = idOrCode.startsWith("pair_") ? { id: idOrCode } : { code: idOrCode };
    await (await context.box()).call("POST", "/api/pairing/deny", { ...which, isBlocked });
    return { json: { denied: idOrCode, isBlocked }, text: isBlocked ? "turned away and blocked\n" : "turned away\n" };
  });
}

function parseIdentity(text: string): { channel: string; address: string } {
  const [channel, address] = text.split(/=(.*)/s, 2);
  if (channel === undefined || address === undefined || channel === "" || address === "") {
    throw new HearthError({
      code: "invalid-address",
      message: `"${text}" is not CHANNEL=ADDRESS`,
      remedy: "Write for example --address xmpp=ann@example.org.",
    });
  }
  return { channel, address };
}

function renderPeople(people: readonly Person[]): string {
  return renderTable(
    people,
    [
      { heading: "id", cell: (row) => row.id },
      { heading: "name", cell: (row) => row.name },
      { heading: "role", cell: (row) => (row.isBlocked ? `${row.role}, blocked` : row.role) },
      { heading: "last seen", cell: (row) => formatTime(row.lastSeenMs) },
      {
        heading: "addresses",
        cell: (row) => row.identities.map((identity) => `${identity.channel}=${identity.address}`).join(" "),
      },
    ],
    "nobody yet",
  );
}

function renderPairings(list: PairingList): string {
  return renderTable(
    list.pairings,
    [
      { heading: "id", cell: (row) => row.id },
      { heading: "channel", cell: (row) => row.channel },
      { heading: "address", cell: (row) => row.address },
      { heading: "name", cell: (row) => row.displayName ?? "" },
      { heading: "asked", cell: (row) => formatTime(row.requestedMs) },
      { heading: "until", cell: (row) => formatTime(row.expiresMs) },
    ],
    "nobody is waiting",
  );
}

function renderDecisions(list: DecisionList): string {
  return renderTable(
    list.decisions,
    [
      { heading: "when", cell: (row) => formatTime(row.atMs) },
      { heading: "channel", cell: (row) => row.channel },
      { heading: "sender", cell: (row) => row.sender },
      { heading: "taken", cell: (row) => (row.isAllowed ? "yes" : "no") },
      { heading: "reason", cell: (row) => row.reason },
      { heading: "explanation", cell: (row) => row.explanation },
    ],
    "no message has come in yet",
  );
}

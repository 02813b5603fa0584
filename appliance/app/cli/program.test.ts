// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { runCommandLine } from "./testing.ts";

const webhookKind = {
  kind: "webhook",
  name: "Webhook",
  version: "1.0.0",
  loginKinds: ["token"],
  configSchema: {
    properties: {
      secret: { type: "string", format: "password" },
      callback: { type: "string" },
      retryDays: { type: "integer" },
    },
    required: ["secret", "callback"],
  },
  capabilities: {},
};
const channel = {
  name: "shop",
  kind: "webhook",
  policy: "anyone",
  isEnabled: true,
  isBuiltIn: false,
  connection: { status: "online" },
  config: {},
  secretsSet: ["secret"],
  lastReceivedMs: null,
  pending: 0,
};

function answerChannels(method: string, path: string): unknown {
  if (path === "/api/channels/kinds") return { kinds: [webhookKind] };
  return method === "POST" ? channel : { channels: [channel] };
}

describe("the command line", () => {
  test("the webhook of the contract is added with its settings and open to anyone", async () => {
    const words = "channel add webhook --name shop --secret S --callback http://127.0.0.1:9/in --anyone --json".split(
      " ",
    );
    const result = await runCommandLine(words, answerChannels);
    expect(result.error).toBe("");
    expect(result.exitCode).toBe(0);
    expect(result.calls.at(-1)).toEqual({
      method: "POST",
      path: "/api/channels",
      body: {
        kind: "webhook",
        name: "shop",
        policy: "anyone",
        config: { secret: "S", callback: "http://127.0.0.1:9/in" },
      },
    });
    expect(JSON.parse(result.output)).toEqual(channel);
  });

  test("a secret can come from standard input, so that it is in no process list", async () => {
    const words = "channel add webhook --name shop --secret - --callback http://127.0.0.1:9/in --retry-days 3".split(
      " ",
    );
    const result = await runCommandLine(words, answerChannels, "hidden\n");
    expect(result.calls.at(-1)?.body).toMatchObject({ config: { secret: "hidden", retryDays: 3 } });
    expect(result.output).not.toContain("hidden");
  });

  test("an unknown setting is refused with those that there are, and nothing is added", async () => {
    const result = await runCommandLine("channel add webhook --name shop --sekret S".split(" "), answerChannels);
    expect(result.exitCode).toBe(1);
    expect(result.error).toContain("--sekret");
    expect(result.error).toContain("--secret");
    expect(result.calls.filter((call) => call.method === "POST")).toEqual([]);
  });

  test.each([[["chanel"]], [["status", "--loud"]], [["channel", "frobnicate"]], [["key", "create"]]])(
    "%j is not understood: exit code 2, an explanation, nothing done",
    async (words) => {
      const result = await runCommandLine(words, () => ({}));
      expect(result.exitCode).toBe(2);
      expect(result.error.length).toBeGreaterThan(10);
      expect(result.output).toBe("");
      expect(result.calls).toEqual([]);
    },
  );

  test("what the box refuses is said on standard error with its remedy, as JSON where that was asked for", async () => {
    const refuse = () =>
      Response.json(
        { error: { code: "channel-exists", message: "taken", remedy: "Choose another." } },
        { status: 409 },
      );
    const plain = await runCommandLine(["channel", "rm", "shop"], refuse);
    expect(plain).toMatchObject({ exitCode: 1, output: "", error: "hearth: taken\n  Choose another.\n" });
    const json = await runCommandLine(["channel", "rm", "shop", "--json"], refuse);
    expect(JSON.parse(json.error)).toMatchObject({ error: { code: "channel-exists", remedy: "Choose another." } });
  });

  test("each command answers --help with exit code 0", async () => {
    const commands = [
      "status",
      "open",
      "doctor",
      "channel",
      "channel add",
      "person",
      "model",
      "knowledge",
      "key",
      "audit",
      "logs",
    ];
    for (const command of commands) {
      const result = await runCommandLine([...command.split(" "), "--help"], () => ({}));
      expect({ command, exitCode: result.exitCode }).toEqual({ command, exitCode: 0 });
      expect(result.output).toContain("Usage: hearth");
    }
  });

  test("names from strangers cannot move the cursor of a terminal", async () => {
    const person = {
      id: "per_1",
      name: "\u001b[2Jeve\u202e",
      role: "guest",
      isBlocked: false,
      createdMs: 0,
      lastSeenMs: null,
      identities: [],
    };
    const result = await runCommandLine(["person", "ls"], () => ({ people: [person] }));
    expect(result.output).toContain("·[2Jeve·");
    expect(result.output).not.toContain("\u001b");
  });

  test("who waits is listed with an id, by which they can be turned away for good without their code", async () => {
    const waiting = { id: "pair_00ff", channel: "xmpp", address: "eve@example.org", requestedMs: 0, expiresMs: 1 };
    const list = await runCommandLine(["person", "pairing"], () => ({ pairings: [waiting] }));
    expect(list.output).toContain("pair_00ff");
    const deny = async (words: string) =>
      (await runCommandLine(["person", "deny", ...words.split(" ")], () => new Response(null, { status: 204 }))).calls;
    const path = "/api/pairing/deny";
    expect(await deny("pair_00ff --block")).toEqual([
      { method: "POST", path, body: { id: "pair_00ff", isBlocked: true } },
    ]);
    expect(await deny("ABCD-EFGH")).toEqual([{ method: "POST", path, body: { code: "ABCD-EFGH", isBlocked: false } }]);
  });

  test("a model given as a path is made absolute, a name is left alone", async () => {
    const model = {
      id: "m",
      contextTokens: 1,
      isLoaded: true,
      isGuide: false,
      isDefault: true,
      canEmbed: false,
      canCallTools: false,
    };
    const byPath = await runCommandLine(["model", "use", "./m.gguf"], () => model);
    const byName = await runCommandLine(["model", "use", "guide"], () => model);
    expect([byPath.calls[0]?.body, byName.calls[0]?.body]).toEqual([{ model: "/home/ann/m.gguf" }, { model: "guide" }]);
  });
});

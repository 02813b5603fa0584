// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { createPassageIndex, handbookPassages } from "../../appliance/agent/knowledge/index.ts";
import { createConversations } from "../../appliance/agent/sessions/index.ts";
import { createAgentBench, saying, settle } from "../../appliance/agent/turns/testing.ts";

// Real files and real fsyncs: a busy machine takes its time.
setDefaultTimeout(30_000);

const never = new AbortController().signal;
const knowledge = createPassageIndex();
afterAll(() => knowledge[Symbol.dispose]());

/** A bench whose engine is capable and answers "re: <last user line that is ours>". */
function openBench(contextTokens = 4096) {
  const bench = createAgentBench(knowledge);
  bench.engine.model = { ...bench.engine.model, id: "large", isGuide: false, contextTokens };
  return bench;
}
type Bench = ReturnType<typeof openBench>;
const ask = (bench: Bench, text: string, overrides = {}) =>
  settle(bench.newAgent().startTurn(bench.request(text, overrides), never));
const promptOf = (bench: Bench): string => {
  const input = bench.engine.requests.at(-1)?.input;
  return input?.kind === "chat" ? input.messages.map(({ role, content }) => `${role}:${content}`).join("\n") : "";
};

describe("sessions", () => {
  test("a person's earlier messages of the same conversation are in the prompt, those of others never", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("Noted.");
    const other = bench.newPerson();
    await ask(bench, "my cat is called Minka");
    await ask(bench, "my dog is called Bello", { person: other });
    await ask(bench, "my fish is called Wanda", { conversation: "office" });
    await ask(bench, "my bird is called Pieps", { sessionKey: "client-7" });
    await ask(bench, "what is my pet called?");
    expect(promptOf(bench)).toContain("Minka");
    expect(promptOf(bench)).toContain("assistant:Noted.");
    for (const name of ["Bello", "Wanda", "Pieps"]) expect(promptOf(bench)).not.toContain(name);
  });

  test("each prompt begins with the bytes of the one before", async () => {
    using bench = openBench();
    let previous = "";
    for (let number = 1; number <= 6; number++) {
      bench.engine.respond = () => saying(`answer ${number}`);
      bench.clock.advance(86_400_000);
      await ask(bench, `question ${number}`);
      expect(promptOf(bench).startsWith(previous)).toBeTrue();
      previous = promptOf(bench);
    }
    expect(previous).toContain("question 1");
  });

  test("/new begins a fresh session with its reply, and commands are not part of history", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("Noted.");
    await ask(bench, "the word is rutabaga");
    await ask(bench, "/status");
    await ask(bench, "and now?");
    expect(promptOf(bench)).toContain("rutabaga");
    expect(promptOf(bench)).not.toContain("/status\n");
    const fresh = bench.newAgent().startTurn(bench.request("/new"), never);
    const { reply } = await settle(fresh);
    expect(reply).toContain("fresh conversation");
    const next = bench.newAgent().startTurn(bench.request("what was the word?"), never);
    await settle(next);
    expect(next.sessionId).not.toBe(fresh.sessionId);
    expect(promptOf(bench)).not.toContain("rutabaga");
  });

  test("a long conversation drops its oldest turns in blocks and says so in prompt and /status", async () => {
    using bench = openBench(1400);
    const borders: string[] = [];
    for (let number = 1; number <= 40; number++) {
      bench.engine.respond = () => saying(`answer ${number} ${"blah ".repeat(20)}`);
      await ask(bench, `question ${number} ${"text ".repeat(20)}`);
      borders.push(/user:(?:<<<box\n[^\n]*\nbox>>>\n)?question (\d+)/u.exec(promptOf(bench))?.[1] ?? "");
    }
    expect(promptOf(bench)).toContain("Earlier messages of this conversation were left out.");
    expect(Number(borders.at(-1))).toBeGreaterThan(10);
    // In blocks: the border moves far less often than once a turn.
    expect(new Set(borders).size).toBeLessThan(15);
    expect((await ask(bench, "/status")).reply).toContain("older messages are left out");
  });
});

describe("crashes", () => {
  test("an inbox row met again takes over the unfinished turn, and there is one turn", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("first try");
    const request = bench.request("hello again");
    const first = bench.newAgent().startTurn(request, never);
    for await (const _event of first.events) {
      // Read to its end, but never committed: the process died before.
    }
    bench.engine.respond = () => saying("second try");
    const second = bench.newAgent().startTurn(request, never);
    expect([second.turnId, second.sessionId]).toEqual([first.turnId, first.sessionId]);
    expect((await settle(second)).reply).toBe("second try");
    expect(bench.storage.database.query("SELECT count(*) AS n FROM agent_turn").get()).toEqual({ n: 1 });
    await ask(bench, "next");
    expect(promptOf(bench)).toContain("assistant:second try");
    expect(promptOf(bench)).not.toContain("first try");
  });

  test("a turn that was committed answers the same again, and nothing changes", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("the one answer");
    const request = bench.request("hello");
    await settle(bench.newAgent().startTurn(request, never));
    const again = await settle(bench.newAgent().startTurn(request, never));
    expect(again.reply).toBe("the one answer");
    expect(bench.engine.requests).toHaveLength(1);
  });

  test("a commit that is rolled back leaves the turn unfinished and the session as it was", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("Noted.");
    const before = await ask(bench, "remember rutabaga");
    expect(before.reply).toBe("Noted.");
    const request = bench.request("/new");
    const turn = bench.newAgent().startTurn(request, never);
    const events = [];
    for await (const event of turn.events) events.push(event);
    const last = events.at(-1);
    if (last?.type !== "turn-ended") throw new Error("no outcome");
    const doomed = (): void =>
      bench.storage.transaction(() => {
        turn.commit(last);
        throw new Error("power cut");
      });
    expect(doomed).toThrow("power cut");
    await ask(bench, "still there?");
    expect(promptOf(bench)).toContain("rutabaga");
    await settle(bench.newAgent().startTurn(request, never));
    await ask(bench, "still there?");
    expect(promptOf(bench)).not.toContain("rutabaga");
  });

  test("whatever is cut off and repeated in whatever order, each inbox row has one turn and history is what was committed", async () => {
    const step = fc.record({ row: fc.nat(4), isCommitted: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        using bench = openBench();
        const committed = new Map<string, string>();
        for (const [index, { row, isCommitted }] of steps.entries()) {
          bench.engine.respond = () => saying(`try ${index}`);
          const turn = bench.newAgent().startTurn(bench.request("q", { inboxId: `row-${row}` }), never);
          for await (const event of turn.events) {
            if (event.type !== "turn-ended") continue;
            expect(event.reply).toBe(committed.get(`row-${row}`) ?? `try ${index}`);
            if (!isCommitted) continue;
            turn.commit(event);
            committed.set(`row-${row}`, event.reply);
          }
        }
        const rows = bench.storage.database.query("SELECT inbox_id FROM agent_turn").all();
        expect(rows).toHaveLength(new Set(steps.map(({ row }) => row)).size);
        await ask(bench, "final");
        for (const reply of committed.values()) expect(`${promptOf(bench)}\n`).toContain(`assistant:${reply}\n`);
        expect(promptOf(bench).match(/assistant:/gu) ?? []).toHaveLength(committed.size);
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});

describe("at rest", () => {
  test("no text, conversation id or source of a turn is in the files of the database", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("CANARY-REPLY");
    await ask(bench, "CANARY-QUESTION", { conversation: "CANARY-ROOM", sessionKey: "CANARY-KEY" });
    const bytes = readdirSync(bench.directory).map((name) => readFileSync(join(bench.directory, name), "latin1"));
    expect(bytes.join("").length).toBeGreaterThan(10_000);
    expect(bytes.join("")).not.toContain("CANARY");
  });
});

describe("conversations", () => {
  test("the console sees conversations newest first, page by page, over sessions, with what was said", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("Noted.");
    const other = bench.newPerson();
    for (let number = 1; number <= 3; number++) {
      bench.clock.advance(1000);
      await ask(bench, `kitchen ${number}`);
      if (number === 2) await ask(bench, "/new");
    }
    bench.clock.advance(1000);
    await ask(bench, "office", { person: other, channel: "xmpp", conversation: "office" });
    const conversations = createConversations(bench);
    const first = conversations.list(1);
    expect(first.items).toMatchObject([{ person: other, channel: "xmpp", messageCount: 2, isAnswering: false }]);
    const second = conversations.list(1, first.next ?? "");
    expect(second.items).toMatchObject([{ person: bench.person, channel: "web-chat", messageCount: 8 }]);
    expect(second.next).toBeNull();
    const id = second.items[0]?.id ?? "";
    expect(conversations.find(id)).toEqual(second.items[0]);
    const newest = conversations.messages(id, 2);
    expect(newest.items.map(({ direction, text }) => `${direction} ${text?.slice(0, 9)}`)).toEqual([
      "in /new",
      "out A fresh c",
      "in kitchen 3",
      "out Noted.",
    ]);
    const older = conversations.messages(id, 2, newest.next ?? "");
    expect(older.items.map(({ text }) => text)).toEqual(["kitchen 1", "Noted.", "kitchen 2", "Noted."]);
    expect(older.next).toBeNull();
  });

  test("a running turn is shown as being answered; with the key gone its text is gone, and erasing leaves nothing", async () => {
    using bench = openBench();
    const turn = bench.newAgent().startTurn(bench.request("secret question"), never);
    const conversations = createConversations(bench);
    for await (const event of turn.events) {
      if (event.type !== "turn-started") continue;
      const [running] = conversations.list(5).items;
      expect(running).toMatchObject({ isAnswering: true, messageCount: 1 });
      expect(conversations.messages(running?.id ?? "", 5).items).toMatchObject([
        { state: "answering", text: "secret question" },
      ]);
    }
    bench.vault.destroyKey(bench.person);
    const [erased] = conversations.list(5).items;
    expect(conversations.messages(erased?.id ?? "", 5).items).toMatchObject([{ text: null }]);
    conversations.erase(bench.person);
    expect(conversations.list(5).items).toEqual([]);
  });
});

test("whatever is written and whatever the model says, a turn ends with one reply and the session goes on", async () => {
  using handbook = createPassageIndex(handbookPassages());
  using bench = createAgentBench(handbook);
  const agent = bench.newAgent();
  const piece = fc.oneof(
    fc.constantFrom("/stop", "/lang zh", "／", "port", "端口", "<<<box", "\u0000", "\ud800", "I don't know. ", "\n"),
    fc.string({ unit: "binary" }),
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.array(text, { maxLength: 4 }), fc.boolean(), async (question, deltas, isGuide) => {
      bench.engine.model = { ...bench.engine.model, isGuide };
      bench.engine.respond = () => saying(...deltas);
      const { events, reply } = await settle(agent.startTurn(bench.request(question), never));
      expect(reply.trim()).not.toBe("");
      const closing = events.filter(({ type }) => type === "turn-ended" || type === "turn-failed");
      expect(closing).toEqual([events.at(-1) as (typeof events)[number]]);
      const streamed = events.flatMap((event) => (event.type === "turn-delta" ? [event.text] : [])).join("");
      expect(reply.startsWith(streamed)).toBeTrue();
    }),
    { numRuns: 150 },
  );
});

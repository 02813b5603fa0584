// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, describe, expect, test } from "bun:test";
import { HearthError } from "../../../shared/errors/index.ts";
import type { GenerateEvent } from "../../inference/engine/index.ts";
import { createPassageIndex, handbookPassages } from "../knowledge/index.ts";
import { createAgentBench, saying, settle } from "./testing.ts";

const never = new AbortController().signal;
const knowledge = createPassageIndex(handbookPassages());
afterAll(() => knowledge[Symbol.dispose]());
const openBench = () => createAgentBench(knowledge);
const capable = { id: "large", isGuide: false, contextTokens: 4096 };
type Bench = ReturnType<typeof openBench>;
const ask = (bench: Bench, text: string, overrides = {}) =>
  settle(bench.newAgent().startTurn(bench.request(text, overrides), never));

async function* failing(code: "queue-full" | "decode-failed", said = ""): AsyncGenerator<GenerateEvent> {
  if (said !== "") yield { type: "delta", text: said };
  yield { type: "failed", code, message: "no", ...(code === "queue-full" ? { retryAfterMs: 700 } : {}) };
}

describe("a turn with the guide model", () => {
  test("a question about the handbook is answered out of the right passage", async () => {
    using bench = openBench();
    const { last, reply } = await ask(bench, "on which port does the thing listen?");
    expect(reply).toContain("7411");
    expect(last).toMatchObject({ type: "turn-ended", reason: "stop", sources: ["Which port does Hearth use?"] });
    expect(bench.engine.requests[0]).toMatchObject({ tenant: bench.person, sampling: { temperature: 0 } });
  });

  test("a Chinese question is answered in Chinese", async () => {
    using bench = openBench();
    expect((await ask(bench, "端口号是多少")).reply).toContain("端口 7411");
  });

  test("a question off the subject is answered without asking the model", async () => {
    using bench = openBench();
    const { reply, last } = await ask(bench, "what is the capital of France");
    expect(reply).toStartWith("I don't know.");
    expect(last).toMatchObject({ type: "turn-ended", sources: [] });
    expect((await ask(bench, "法国的首都在哪里")).reply).toStartWith("我不知道");
    expect(bench.engine.requests).toHaveLength(0);
  });

  test("a slip of the model is put right from the document, and the generation is stopped", async () => {
    using bench = openBench();
    let isClosed = false;
    bench.engine.respond = async function* () {
      try {
        yield* saying("Hearth listens on ", "port 7", "4 11 and more", "never read");
      } finally {
        isClosed = true;
      }
    };
    const { events, reply, last } = await ask(bench, "which port does it use?");
    expect(reply).toBe("Hearth listens on port 7411. The variable HEARTH_LISTEN changes the address and the port.");
    const streamed = events.flatMap((event) => (event.type === "turn-delta" ? [event.text] : [])).join("");
    expect(streamed).toBe(reply);
    expect(last).toMatchObject({ sources: ["Which port does Hearth use?"], completionTokens: 3, promptTokens: 10 });
    expect(isClosed).toBeTrue();
  });

  test("its refusal stands, unless nearly every word of the question is in the passage", async () => {
    using bench = openBench();
    bench.engine.respond = () => saying("I don't know. ", "My documents do not hold the answer.");
    expect((await ask(bench, "which port does Hearth use?")).reply).toContain("7411");
    const { reply, last, events } = await ask(bench, "can I chat in the browser instead of an app");
    expect(reply).toStartWith("I don't know.");
    expect(last).toMatchObject({ type: "turn-ended", sources: [] });
    expect(events.filter(({ type }) => type === "turn-delta")).toHaveLength(1);
  });

  test("small talk gets a fixed reply that says what it is; a capable model answers it by itself", async () => {
    using bench = openBench();
    expect((await ask(bench, "Who are you?")).reply).toContain("very small language model");
    bench.engine.model = { ...bench.engine.model, ...capable };
    bench.engine.respond = () => saying("I am Hearth.");
    expect((await ask(bench, "Who are you?")).reply).toBe("I am Hearth.");
  });
});

describe("streaming", () => {
  test("what was streamed is the beginning of the stored reply, without space at the ends", async () => {
    using bench = openBench();
    bench.engine.model = { ...bench.engine.model, ...capable };
    bench.engine.respond = () => saying("  Port ", " 74", "11.\n", "\n");
    const { events, reply } = await ask(bench, "which port?");
    const streamed = events.flatMap((event) => (event.type === "turn-delta" ? [event.text] : [])).join("");
    expect(streamed).toBe("Port  7411.");
    expect(reply).toBe("Port  7411.");
    expect(events[0]).toMatchObject({ type: "turn-started" });
  });

  test("/stop ends the running answer of its own conversation only, and what was said is kept", async () => {
    using bench = openBench();
    bench.engine.model = { ...bench.engine.model, ...capable };
    bench.engine.respond = async function* (_request, signal) {
      yield { type: "delta", text: "Once upon" };
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      yield { type: "end", reason: "cancelled", usage: { promptTokens: 5, cachedTokens: 0, completionTokens: 2 } };
    };
    const agent = bench.newAgent();
    const story = agent.startTurn(bench.request("tell a story"), never);
    const seen: string[] = [];
    for await (const event of story.events) {
      seen.push(event.type);
      if (event.type === "turn-delta") {
        const elsewhere = await settle(agent.startTurn(bench.request("/stop", { conversation: "office" }), never));
        expect(elsewhere.reply).toBe("No answer is being written.");
        expect((await settle(agent.startTurn(bench.request("/stop"), never))).reply).toBe("Stopped.");
      }
      if (event.type === "turn-ended") {
        expect(event).toMatchObject({ reason: "cancelled", reply: "Once upon\n\n[stopped]", completionTokens: 2 });
      }
    }
    expect(seen).toEqual(["turn-started", "turn-delta", "turn-ended"]);
  });

  test("the router's signal stops a turn before it began", async () => {
    using bench = openBench();
    const { last } = await settle(bench.newAgent().startTurn(bench.request("which port?"), AbortSignal.abort()));
    expect(last).toMatchObject({ type: "turn-ended", reason: "cancelled" });
    expect(bench.engine.requests).toHaveLength(0);
  });

  test("only what must not wait is an immediate command", () => {
    using bench = openBench();
    const agent = bench.newAgent();
    expect(["/stop", "／STOP", "/status"].map((text) => agent.isImmediateCommand(text))).toEqual([true, true, true]);
    expect(["/new", "/lang zh", "stop", "/stop it all"].some((text) => agent.isImmediateCommand(text))).toBeFalse();
  });
});

describe("failures", () => {
  test("a full queue may be retried, with the engine's own time", async () => {
    using bench = openBench();
    bench.engine.respond = () => failing("queue-full");
    const { last } = await ask(bench, "which port?");
    expect(last).toMatchObject({ type: "turn-failed", code: "queue-full", isRetryable: true, retryAfterMs: 700 });
    expect(last).toMatchObject({ reply: expect.stringContaining("waiting") });
  });

  test("an answer that broke off is kept, said to be incomplete, and not begun again", async () => {
    using bench = openBench();
    bench.engine.respond = () => failing("decode-failed", "Hearth 使用");
    const { last, reply } = await ask(bench, "端口号是多少");
    expect(last).toMatchObject({ type: "turn-failed", isRetryable: false });
    expect(reply).toBe("Hearth 使用\n\n[回答在这里中断了。如果不完整，请再问一次。]");
  });

  test("without an engine questions are to be retried and commands still answer", async () => {
    using bench = openBench();
    bench.engine.problem = new HearthError({ code: "engine-unavailable", message: "down" });
    expect((await ask(bench, "which port?")).last).toMatchObject({ code: "engine-unavailable", isRetryable: true });
    expect((await ask(bench, "/status")).reply).toContain("Engine: not available");
  });

  test("an engine that throws or ends without a word does not make the turn reject", async () => {
    using bench = openBench();
    bench.engine.respond = () => {
      throw new Error("bug");
    };
    expect((await ask(bench, "which port?")).last).toMatchObject({ type: "turn-failed", isRetryable: true });
    bench.engine.respond = async function* () {
      // Says nothing at all.
    };
    expect((await ask(bench, "which port?")).last).toMatchObject({ type: "turn-failed", code: "decode-failed" });
  });

  test("a question longer than the model can read is refused in plain words", async () => {
    using bench = openBench();
    bench.engine.model = { ...bench.engine.model, ...capable, contextTokens: 512 };
    const { last, reply } = await ask(bench, `sum this up: ${"word ".repeat(3000)}`);
    expect(last).toMatchObject({ type: "turn-failed", code: "prompt-too-long", isRetryable: false });
    expect(reply).toContain("too long");
  });
});

describe("commands", () => {
  test("/help lists the commands, and the console to the owner only", async () => {
    using bench = openBench();
    const { reply, last } = await ask(bench, "/help");
    for (const command of ["/new", "/stop", "/status", "/lang"]) expect(reply).toContain(command);
    expect(last).toMatchObject({ reason: "command" });
    expect(reply).not.toContain("hearth open");
    expect((await ask(bench, "/help", { role: "owner" })).reply).toContain("hearth open");
  });

  test("/lang fixes the language of all replies, /lang auto gives it back", async () => {
    using bench = openBench();
    await ask(bench, "/lang zh");
    expect((await ask(bench, "what is the capital of France")).reply).toStartWith("我不知道");
    expect((await ask(bench, "/status")).reply).toContain("语言：中文");
    await ask(bench, "/lang auto");
    expect((await ask(bench, "what is the capital of France")).reply).toStartWith("I don't know");
  });

  test("a command is answered in the language of the channel, or of what was asked before", async () => {
    using bench = openBench();
    expect((await ask(bench, "/help")).reply).toContain("fresh conversation");
    expect((await ask(bench, "/help", { language: "zh-CN" })).reply).toContain("开始新的对话");
    await ask(bench, "端口号是多少");
    expect((await ask(bench, "/help")).reply).toContain("开始新的对话");
  });

  test("an unknown command is answered with a hint, and a path is no command", async () => {
    using bench = openBench();
    expect((await ask(bench, "/halp")).reply).toBe("There is no command /halp. /help lists the commands.");
    expect((await ask(bench, "/var/lib/hearth")).reply).not.toContain("no command");
  });
});

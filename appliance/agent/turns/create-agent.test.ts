// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { createAgentBench, saying, settle } from "./testing.ts";

const never = new AbortController().signal;

describe("a turn with the guide model", () => {
  test("a question about the handbook is answered out of the right passage", async () => {
    using bench = createAgentBench();
    const agent = bench.newAgent();
    const { last, reply } = await settle(agent.startTurn(bench.request("on which port does the thing listen?"), never));
    expect(reply).toContain("7411");
    expect(last).toMatchObject({ type: "turn-ended", reason: "stop", sources: ["Which port does Hearth use?"] });
  });

  test("a Chinese question is answered in Chinese", async () => {
    using bench = createAgentBench();
    const { reply } = await settle(bench.newAgent().startTurn(bench.request("端口号是多少"), never));
    expect(reply).toContain("端口 7411");
  });

  test("a question off the subject is answered without asking the model", async () => {
    using bench = createAgentBench();
    const { reply, last } = await settle(
      bench.newAgent().startTurn(bench.request("what is the capital of France"), never),
    );
    expect(reply).toStartWith("I don't know.");
    expect(last).toMatchObject({ type: "turn-ended", sources: [] });
    expect(bench.engine.requests).toHaveLength(0);
  });

  test("small talk gets a fixed reply that says what it is", async () => {
    using bench = createAgentBench();
    const { reply } = await settle(bench.newAgent().startTurn(bench.request("Who are you?"), never));
    expect(reply).toContain("very small language model");
    expect(bench.engine.requests).toHaveLength(0);
  });

  test("/help lists the commands", async () => {
    using bench = createAgentBench();
    const { reply, last } = await settle(bench.newAgent().startTurn(bench.request("/help"), never));
    for (const command of ["/new", "/stop", "/status", "/lang"]) expect(reply).toContain(command);
    expect(last).toMatchObject({ reason: "command" });
  });
});

describe("streaming", () => {
  test("what was streamed is the beginning of the stored reply, without space at the ends", async () => {
    using bench = createAgentBench();
    bench.engine.respond = () => saying("  Port ", " 74", "11.\n", "\n");
    const { events, reply } = await settle(bench.newAgent().startTurn(bench.request("which port?"), never));
    const streamed = events.flatMap((event) => (event.type === "turn-delta" ? [event.text] : [])).join("");
    expect(streamed).toBe("Port  7411.");
    expect(reply).toBe("Port  7411.");
  });
});

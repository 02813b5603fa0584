// SPDX-License-Identifier: AGPL-3.0-only
import { createHearthHome, startAppliance } from "../../harness/appliance-process.ts";
import { type LoadTarget, runChats, runTurn } from "../harness/load-generator.ts";
import { treeUsage } from "../harness/process-tree.ts";
import { type BenchRow, benchRow } from "../harness/report.ts";
import { median, percentile } from "../harness/statistics.ts";

/** Published figures of OpenClaw 2026.9.6 against the same kind of stub; see docs/performance.md. */
const openClaw = {
  name: "OpenClaw, published",
  firstTokenP50Ms: 275,
  firstTokenP95Ms: 395,
  fiftyChatsMs: 10_005,
  cpuSeconds: 0.29,
  helloTokens: 8871,
};
/** A cautious count: no tokenizer in use makes more tokens than one for three characters of English. */
const charactersPerToken = 3;

/** The box's own overhead of a whole agent turn, against a model server that answers at once. */
export async function overheadSuite(isQuick: boolean): Promise<readonly BenchRow[]> {
  const stubProcess = Bun.spawn([process.execPath, new URL("../harness/stub-server.ts", import.meta.url).pathname], {
    stdout: "pipe",
    stdin: "ignore",
  });
  try {
    const stub = await readPort(stubProcess.stdout);
    using home = await createHearthHome({ HEARTH_BACKEND: `openai:http://127.0.0.1:${stub}/v1` });
    await using appliance = await startAppliance(home);
    const { key } = await home.command<{ key: string }>(["key", "create", "--name", "bench"]);
    const target: LoadTarget = { baseUrl: `${appliance.baseUrl}/v1`, apiKey: key, model: "hearth" };
    return await measure(target, appliance.processId, stub, isQuick);
  } finally {
    stubProcess.kill();
  }
}

async function readPort(stream: ReadableStream<Uint8Array>): Promise<number> {
  for await (const bytes of stream) return (JSON.parse(new TextDecoder().decode(bytes)) as { port: number }).port;
  throw new Error("the stub said nothing");
}

async function measure(
  target: LoadTarget,
  processId: number,
  stub: number,
  isQuick: boolean,
): Promise<readonly BenchRow[]> {
  await runChats(target, 1, 10, "warm");
  await runTurn(target, "hello", "hello");
  const hello = (await (await fetch(`http://127.0.0.1:${stub}/stub/last`)).json()) as {
    messages: { content: string }[];
  };
  const helloTokens = hello.messages.reduce((sum, message) => sum + message.content.length, 0) / charactersPerToken;

  const one = await runChats(target, 1, isQuick ? 50 : 200, "one");
  const before = treeUsage(processId);
  const many = await runChats(target, 50, isQuick ? 4 : 10, "many");
  const after = treeUsage(processId);
  const soakTurns = isQuick ? 200 : 1000;
  const beforeSoak = treeUsage(processId).residentBytes;
  const soak = await runChats(target, 10, soakTurns / 10, "soak");
  const afterSoak = treeUsage(processId).residentBytes;

  const lost = [...one, ...many, ...soak].filter((timing) => !timing.isAnswered).length;
  const oneFirst = one.map((timing) => timing.firstTokenMs);
  const manyFirst = many.map((timing) => timing.firstTokenMs);
  const peer = (value: number) => ({ name: openClaw.name, value });
  return [
    benchRow(
      "one chat, time to first token, p50",
      median(oneFirst),
      "ms",
      { of: "value", bound: "<", than: 10 },
      peer(openClaw.firstTokenP50Ms),
    ),
    benchRow(
      "one chat, time to first token, p95",
      percentile(oneFirst, 0.95),
      "ms",
      { of: "value", bound: "<", than: 30 },
      peer(openClaw.firstTokenP95Ms),
    ),
    benchRow(
      "50 chats at once, time to first token, p50",
      median(manyFirst),
      "ms",
      { of: "value", bound: "<", than: 200 },
      peer(openClaw.fiftyChatsMs),
    ),
    benchRow(
      "CPU a turn, 50 chats",
      (after.cpuSeconds - before.cpuSeconds) / many.length,
      "s",
      { of: "value", bound: "<", than: 0.01 },
      peer(openClaw.cpuSeconds),
    ),
    benchRow(`memory after ${soakTurns} more turns ÷ before them`, afterSoak / beforeSoak, "×", {
      of: "value",
      bound: "<",
      than: 1.2,
    }),
    benchRow(
      'prompt of a "hello" (characters ÷ 3)',
      helloTokens,
      "tokens",
      { of: "value", bound: "<", than: 1000 },
      peer(openClaw.helloTokens),
    ),
    benchRow("turns without a whole answer", lost, "turns", { of: "value", bound: "<=", than: 0 }),
  ];
}

// SPDX-License-Identifier: AGPL-3.0-only
import { createHearthHome, startAppliance } from "../../harness/appliance-process.ts";
import { type BenchRow, benchRow } from "../harness/report.ts";
import { median } from "../harness/statistics.ts";

const openClawSeconds = 21;

/** The engine process is killed in the middle of an answer; how long until the answer goes on. */
export async function recoverySuite(isQuick: boolean): Promise<readonly BenchRow[]> {
  using home = await createHearthHome();
  await using appliance = await startAppliance(home);
  const { key } = await home.command<{ key: string }>(["key", "create", "--name", "bench"]);
  const gaps: number[] = [];
  let broken = 0;
  for (let run = 0; run < (isQuick ? 3 : 5); run += 1) {
    const outcome = await killMidAnswer(appliance.baseUrl, key, () =>
      home.command<{ engine: { processId?: number } }>(["status"]),
    );
    if (outcome.isWhole) gaps.push(outcome.gapSeconds);
    else broken += 1;
  }
  return [
    benchRow(
      "engine killed mid-answer: the answer goes on after, median",
      median(gaps),
      "s",
      { of: "value", bound: "<", than: 3 },
      { name: "OpenClaw, published", value: openClawSeconds },
    ),
    benchRow("answers that were cut or differ from an undisturbed run", broken, "answers", {
      of: "value",
      bound: "<=",
      than: 0,
    }),
  ];
}

async function killMidAnswer(
  baseUrl: string,
  key: string,
  status: () => Promise<{ engine: { processId?: number } }>,
): Promise<{ gapSeconds: number; isWhole: boolean }> {
  const undisturbed = await stream(baseUrl, key, () => undefined);
  const engine = (await status()).engine.processId;
  let killedAtMs = Number.NaN;
  const disturbed = await stream(baseUrl, key, (chunks) => {
    if (chunks !== 3 || engine === undefined) return;
    process.kill(engine, "SIGKILL");
    killedAtMs = performance.now();
  });
  const next = disturbed.arrivals.find((arrivalMs) => arrivalMs > killedAtMs + 20) ?? Number.NaN;
  return {
    gapSeconds: (next - killedAtMs) / 1000,
    isWhole: disturbed.text === undisturbed.text && !Number.isNaN(next),
  };
}

async function stream(
  baseUrl: string,
  key: string,
  onChunk: (chunks: number) => void,
): Promise<{ text: string; arrivals: readonly number[] }> {
  const response = await fetch(`${baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: "default",
      stream: true,
      temperature: 1,
      seed: 7,
      max_tokens: 400,
      logit_bias: {},
      messages: [{ role: "user", content: "Tell me everything about channels." }],
    }),
  });
  const arrivals: number[] = [];
  let text = "";
  let pending = "";
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    pending += decoder.decode(bytes, { stream: true });
    const lines = pending.split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data: {")) continue;
      const content =
        (JSON.parse(line.slice(6)) as { choices?: { delta: { content?: string } }[] }).choices?.[0]?.delta.content ??
        "";
      if (content === "") continue;
      text += content;
      arrivals.push(performance.now());
      onChunk(arrivals.length);
    }
  }
  return { text, arrivals };
}

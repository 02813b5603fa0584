// SPDX-License-Identifier: AGPL-3.0-only
// The binary as a stranger meets it: an empty folder, an empty environment, one signed question over the webhook.
import { join, resolve } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { HearthError, toHearthError } from "../errors/index.ts";
import { createSmokeBox, type SmokeBox, signBody } from "./smoke/smoke-box.ts";

const binary = resolve(process.argv[2] ?? join(import.meta.dir, "../../dist/hearth"));
const secret = "smoke-test-secret-of-the-webhook";
const counts = { passed: 0, failed: 0 };

/** Runs one step; `work` returns what to print, or throws. A step after a failed one still runs. */
async function step(name: string, work: () => Promise<string>): Promise<void> {
  const startedMs = performance.now();
  try {
    const said = await work();
    counts.passed += 1;
    console.log(`ok     ${name}: ${said} (${(performance.now() - startedMs).toFixed(0)} ms)`);
  } catch (thrown) {
    counts.failed += 1;
    console.log(`FAILED ${name}: ${toHearthError(thrown).message}`);
  }
}

function demand(isTrue: boolean, message: string): asserts isTrue {
  if (!isTrue) throw new HearthError({ code: "smoke-failed", message });
}

async function expectExit(box: SmokeBox, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await box.run(...words);
  demand(exitCode === 0, `hearth ${words.join(" ")} exited with ${exitCode}: ${stderr}${stdout}`);
  return stdout;
}

async function untilOk(url: string, limitMs: number): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const response = await fetch(url).catch(() => undefined); // not listening yet
    const isOk = response?.ok === true;
    await response?.body?.cancel();
    const tookMs = performance.now() - startedMs;
    if (isOk) return tookMs;
    demand(
      tookMs < limitMs,
      `${url} did not answer 200 within ${limitMs} ms (last: ${response?.status ?? "no answer"})`,
    );
    await Bun.sleep(5);
  }
}

async function askOverWebhook(box: SmokeBox, replies: Promise<Reply>): Promise<string> {
  const body = JSON.stringify({ id: "smoke-1", from: "stranger", text: "How do I connect a channel?" });
  const response = await fetch(`${box.baseUrl}/hooks/smoke`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "x-hearth-signature": signBody(body, secret) },
  });
  demand(response.status === 202, `the webhook answered ${response.status}: ${await response.text()}`);
  const reply = await Promise.race([replies, Bun.sleep(60_000)]);
  demand(reply !== undefined, "no reply within 60 s");
  demand(reply.isSigned, "the reply is not signed with the channel's secret");
  demand(reply.inReplyTo === "smoke-1", `the reply is to ${reply.inReplyTo}`);
  demand(reply.text.trim().length > 0, "the reply is empty");
  return JSON.stringify(reply.text.slice(0, 120));
}

interface Reply {
  readonly isSigned: boolean;
  readonly inReplyTo: string;
  readonly text: string;
}

async function main(): Promise<void> {
  const received = Promise.withResolvers<Reply>();
  await using box = await createSmokeBox(binary);
  using callback = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = await request.text();
      const { in_reply_to: inReplyTo, text } = JSON.parse(body) as { in_reply_to: string; text: string };
      const isSigned = request.headers.get("x-hearth-signature") === signBody(body, secret);
      received.resolve({ isSigned, inReplyTo, text });
      return new Response(null, { status: 204 });
    },
  });
  await step("--version", async () => {
    const said = (await expectExit(box, "--version")).trim();
    demand(said.includes(packageJson.version), `it said ${said}, expected ${packageJson.version}`);
    return said;
  });
  await step("self-check", async () => (await expectExit(box, "self-check")).trim().replaceAll("\n", ", "));
  await step("channel add webhook, before it runs", async () => {
    const words = [
      "--name",
      "smoke",
      "--secret",
      secret,
      "--callback",
      `http://127.0.0.1:${callback.port}/`,
      "--anyone",
    ];
    return (await expectExit(box, "channel", "add", "webhook", ...words)).trim();
  });
  const appliance = box.up();
  await step("/healthz", async () => `after ${(await untilOk(`${box.baseUrl}/healthz`, 20_000)).toFixed(0)} ms`);
  await step("/readyz", async () => `${(await untilOk(`${box.baseUrl}/readyz`, 30_000)).toFixed(0)} ms later`);
  await step("a signed question is answered", () => askOverWebhook(box, received.promise));
  await step("SIGTERM ends it cleanly", async () => {
    appliance.kill("SIGTERM");
    await Promise.race([appliance.exited, Bun.sleep(15_000)]);
    demand(
      appliance.exitCode === 0,
      `it ended with ${appliance.signalCode ?? appliance.exitCode ?? "nothing after 15 s"}`,
    );
    return "exit code 0";
  });
}

await main();
console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`);
// At once: the limits that were waited against are timers that would keep this process for a minute.
process.exit(counts.failed === 0 ? 0 : 1);

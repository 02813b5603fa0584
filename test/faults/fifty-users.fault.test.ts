// SPDX-License-Identifier: AGPL-3.0-only
// Fifty people in the web chat at once for five minutes (HEARTH_TEST_SOAK_SECONDS sets another time): every message is
// answered exactly once, in order, and the memory of the box stays flat.
import { expect, test } from "bun:test";
import {
  type WebChatServerMessage,
  webChatServerMessageSchema,
} from "../../appliance/messaging/adapters/web-chat/index.ts";
import { treeUsage } from "../bench/harness/process-tree.ts";
import { createHearthHome, startAppliance } from "../harness/appliance-process.ts";
import { openSocket } from "../harness/open-socket.ts";
import { signIn } from "../harness/sign-in.ts";

const users = 50;
const seconds = Number(process.env.HEARTH_TEST_SOAK_SECONDS ?? "300");
const questions = [
  "Which port does Hearth use?",
  "How do I connect XMPP?",
  "What is the capital of France?",
  "怎样添加知识？",
  "/status",
];

/** Samples of memory over the run. */
const sampleCount = 15;

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface User {
  sent: number;
  readonly answers: Map<string, number>;
  readonly socket: WebSocket;
}

function talk(socket: WebSocket, conversation: string, stop: AbortSignal): User {
  const user: User = { sent: 0, answers: new Map(), socket };
  const say = (): void => {
    if (stop.aborted) return;
    user.sent += 1;
    const text = questions[user.sent % questions.length];
    socket.send(JSON.stringify({ type: "send", id: `m${user.sent}`, conversation, text }));
  };
  socket.onmessage = (event) => {
    const message: WebChatServerMessage = webChatServerMessageSchema.parse(JSON.parse(String(event.data)));
    if (message.type !== "message" || message.message.direction !== "out") return;
    const about = message.message.replyTo ?? "";
    user.answers.set(about, (user.answers.get(about) ?? 0) + 1);
    if (about === `m${user.sent}`) setTimeout(say, 1500);
  };
  socket.send(JSON.stringify({ type: "resume", conversation, afterSequence: 0 }));
  say();
  return user;
}

test(
  "fifty web-chat users at once: nothing lost, nothing doubled, memory flat",
  async () => {
    using home = await createHearthHome();
    await using appliance = await startAppliance(home);
    const stop = new AbortController();
    const talking: User[] = [];
    for (let index = 0; index < users; index += 1) {
      const person = await home.command<{ id: string }>(["person", "add", `User ${index}`]);
      const cookie = await signIn(home, appliance.baseUrl, person.id);
      const socket = openSocket(`${appliance.baseUrl.replace("http", "ws")}/api/chat/socket`, {
        cookie,
        origin: appliance.baseUrl,
      });
      await new Promise((resolve) => {
        socket.onopen = resolve;
      });
      talking.push(talk(socket, "soak", stop.signal));
    }
    const samples: number[] = [];
    for (let index = 0; index < sampleCount; index += 1) {
      await Bun.sleep((seconds * 1000) / sampleCount);
      samples.push(treeUsage(appliance.processId).residentBytes);
    }
    stop.abort();
    await Bun.sleep(8000);
    const sent = talking.reduce((sum, user) => sum + user.sent, 0);
    const lost = talking.reduce((sum, user) => sum + (user.sent - user.answers.size), 0);
    const doubled = talking.reduce(
      (sum, user) => sum + [...user.answers.values()].filter((count) => count > 1).length,
      0,
    );
    process.stdout.write(
      `\n${users} users, ${seconds} s: ${sent} sent, ${lost} lost, ${doubled} doubled, memory ${samples.map((bytes) => (bytes / 1e6).toFixed(0)).join(" ")} MB\n`,
    );
    for (const user of talking) user.socket.close();
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
    expect(sent).toBeGreaterThan(users * 2);
    // The first third is the warm-up of a garbage-collected heap; from then on it must not grow.
    const third = sampleCount / 3;
    expect(middle(samples.slice(2 * third)) / middle(samples.slice(third, 2 * third))).toBeLessThan(1.15);
  },
  (seconds + 180) * 1000,
);

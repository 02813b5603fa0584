// SPDX-License-Identifier: AGPL-3.0-only

// The conformance suite of channel adapters, first version. Each adapter runs it with its real, or nearest to real,
// other side. It prints a grade and what was lost, doubled or unknown.
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { adapterManifestSchema, inboundEventSchema } from "../../../appliance/messaging/protocol/index.ts";
import type { MessageStep } from "../../../shared/lifecycle/index.ts";
import { controlCommits } from "../../fixtures/messaging/commit-control.ts";
import { eventually } from "../../fixtures/messaging/message-bench.ts";
import { recordingLogger } from "../../fixtures/messaging/recording-logger.ts";
import type { AdapterCase, AdapterRig } from "./adapter-rig.ts";
import { type ConformanceReport, createConformanceReport, type Grade } from "./conformance-report.ts";
import { mutateFrame, seededRandom } from "./mutate-frame.ts";

const patienceMs = 40_000;
/** Where the box is taken away in the middle; what lies between these two steps of one commit is no step of its own. */
const crashSteps: readonly MessageStep[] = [
  "02-admit-begun",
  "03-inbox-committed",
  "05-gateway-decided",
  "08-first-delta",
  "10-reply-committed",
  "11-send-begun",
  "12-send-answered",
  "13-send-recorded",
];

/** A check of what a channel does not have at all says so, and is not counted. */
type Outcome = "not-applicable" | undefined;
type Check = (grade: Grade, name: string, body: () => Promise<Outcome> | Outcome) => void;

/** Runs the suite for one adapter. `isAvailable` false: its other side is not installed, and each test is skipped by name. */
export function adapterConformance(subject: AdapterCase, isAvailable = true): void {
  const report = createConformanceReport(subject.manifest.id);
  const check: Check = (grade, name, body) => {
    report.planned(grade, name);
    test.skipIf(!isAvailable)(`${name} [${grade}]`, async () => {
      if ((await body()) === "not-applicable") report.left(name);
      else report.passed(grade, name);
    });
  };
  setDefaultTimeout(120_000);
  describe(`adapter ${subject.manifest.id}`, () => {
    checkWire(subject, check);
    checkDelivery(subject, check, report);
    checkConnection(subject, check, report);
    checkCapabilities(subject, check);
    for (const step of crashSteps) checkCrash(subject, check, report, step);
    afterAll(() => {
      if (isAvailable) report.print();
    });
  });
}

/** Pure functions: golden vectors, and frames that were injured. */
function checkWire(subject: AdapterCase, check: Check): void {
  check("bronze", "frames decode and replies encode as the golden vectors say", () => {
    for (const { name, frame, event } of subject.decodeVectors) {
      const decoded = subject.decode(frame);
      if (event === undefined) expect({ name, decoded }).toEqual({ name, decoded: undefined });
      else expect({ name, ...decoded }).toMatchObject({ name, ...event });
    }
    for (const { outbound, frame } of subject.encodeVectors) expect(subject.encode(outbound)).toBe(frame);
  });
  check("bronze", "ten thousand injured frames are decoded or refused, never thrown over", () => {
    const random = seededRandom(20_261_122);
    let decoded = 0;
    for (let count = 0; count < 10_000; count += 1) {
      const { frame } = subject.decodeVectors[count % subject.decodeVectors.length] ?? { frame: "" };
      const event = subject.decode(mutateFrame(frame, random));
      if (event === undefined) continue;
      decoded += 1;
      inboundEventSchema.parse(event);
    }
    // Injuries that leave a frame whole must be among them, or the decoder was hardly exercised.
    expect(decoded).toBeGreaterThan(50);
  });
}

const distinct = (rig: AdapterRig): number => new Set(rig.replies().map(({ text }) => text)).size;

async function untilReplied(rig: AdapterRig, count: number): Promise<void> {
  await eventually(() => distinct(rig) >= count, `${count} replies, got ${rig.replies().length}`, patienceMs);
}

async function untilSettled(rig: AdapterRig): Promise<void> {
  await eventually(
    () => {
      const { inboxWaiting, turnsRunning, outboxWaiting } = rig.bench.router.stats();
      return inboxWaiting + turnsRunning + outboxWaiting === 0;
    },
    `settled queues, have ${JSON.stringify(rig.bench.outbox())}`,
    patienceMs,
  );
}

/** Compares what was said with what arrived. */
function tallyOf(rig: AdapterRig, scenario: string, texts: readonly string[]) {
  const arrived = rig.replies().map(({ text }) => text);
  const times = texts.map((text) => arrived.filter((other) => other.endsWith(text)).length);
  return {
    scenario,
    sent: texts.length,
    lost: times.filter((count) => count === 0).length,
    duplicated: times.filter((count) => count > 1).length,
    unknown: rig.bench.outbox().unknown ?? 0,
  };
}

function expectNone(report: ConformanceReport, row: ReturnType<typeof tallyOf>): void {
  report.tally(row);
  expect(row).toMatchObject({ lost: 0, duplicated: 0, unknown: 0 });
}

/** From the other side to the box and back. */
function checkDelivery(subject: AdapterCase, check: Check, report: ConformanceReport): void {
  check("bronze", "a message is answered", async () => {
    await using rig = await subject.makeRig();
    await rig.say("m1", "hello 你好");
    await untilReplied(rig, 1);
    await untilSettled(rig);
    expectNone(report, tallyOf(rig, "one message", ["hello 你好"]));
  });
  check("bronze", "nothing is acknowledged before its commit", async () => {
    await using rig = await subject.makeRig();
    const commits = controlCommits(rig.bench.data);
    const before = rig.acknowledgements();
    commits.hold();
    const said = rig.say("m1", "held");
    await Bun.sleep(400);
    expect(rig.acknowledgements()).toBe(before);
    commits.release();
    await said;
    await eventually(() => rig.acknowledgements() > before, "the acknowledgement", patienceMs);
    await untilReplied(rig, 1);
    commits.restore();
  });
  check("bronze", "the same event three times is one event", async () => {
    await using rig = await subject.makeRig();
    for (let count = 0; count < 3; count += 1) await rig.say("m1", "once");
    await untilReplied(rig, 1);
    await rig.say("m2", "next");
    await untilReplied(rig, 2);
    await untilSettled(rig);
    expect(rig.bench.agent.asked.map(({ text }) => text)).toEqual(["once", "next"]);
    expectNone(report, tallyOf(rig, "each event three times", ["once", "next"]));
  });
  check("bronze", "order holds within a conversation", async () => {
    await using rig = await subject.makeRig();
    const texts = Array.from({ length: 25 }, (_, index) => `text ${String(index).padStart(2, "0")}`);
    for (const [index, text] of texts.entries()) await rig.say(`m${index}`, text);
    await untilReplied(rig, texts.length);
    await untilSettled(rig);
    expect(rig.replies().map(({ text }) => text.slice(-7))).toEqual(texts);
    expectNone(report, tallyOf(rig, "25 in a row", texts));
  });
  check("silver", "the longest text that is declared is sent whole, a longer one in parts", async () => {
    const { maxTextLength } = subject.capabilities;
    const whole = "w".repeat(maxTextLength);
    await using rig = await subject.makeRig({
      turn: async function* (request) {
        const reply = request.text === "whole" ? whole : `${"p ".repeat(maxTextLength / 2)}\n\nend of it`;
        yield {
          type: "turn-ended",
          reply,
          reason: "stop",
          promptTokens: 0,
          cachedTokens: 0,
          completionTokens: 0,
          sources: [],
        };
      },
    });
    await rig.say("m1", "whole");
    await untilReplied(rig, 1);
    expect(rig.replies()[0]?.text.length).toBe(maxTextLength);
    await rig.say("m2", "parts");
    await untilReplied(rig, 3);
    expect(rig.replies().at(-1)?.text).toBe("end of it");
  });
}

/** Connections that break, answers that do not come, adapters that go. */
function checkConnection(subject: AdapterCase, check: Check, report: ConformanceReport): void {
  check("silver", "a reply that was taken but not confirmed is not said twice", async () => {
    let isArmed = false;
    let swallow: AdapterRig["swallowAnswers"];
    const answers = Promise.withResolvers<{ restore(): Promise<void> }>();
    await using rig = await subject.makeRig({
      routerOptions: { sendTimeoutMs: 1_000 },
      reached: (step) => {
        if (isArmed && step === "11-send-begun" && swallow !== undefined) answers.resolve(swallow());
      },
    });
    // Where the other side is the box itself, its answer cannot be lost.
    if (rig.swallowAnswers === undefined) return "not-applicable";
    swallow = rig.swallowAnswers;
    await rig.say("m0", "first");
    await untilReplied(rig, 1);
    await untilSettled(rig);
    isArmed = true;
    await rig.say("m1", "swallowed");
    await untilReplied(rig, 2);
    isArmed = false;
    await Bun.sleep(1_500);
    await (await answers.promise).restore();
    await untilSettled(rig);
    expectNone(report, tallyOf(rig, "answer lost after the reply was taken", ["first", "swallowed"]));
  });
  check("silver", "a connection that breaks comes back, and nothing said meanwhile is lost", async () => {
    await using rig = await subject.makeRig();
    if (rig.breakConnection === undefined) return "not-applicable";
    const texts: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const when of ["before", "after"]) {
        texts.push(`${when} ${round}`);
        await rig.say(`${when}${round}`, `${when} ${round}`);
        if (when === "before") await rig.breakConnection();
      }
      await untilReplied(rig, texts.length);
    }
    await untilSettled(rig);
    expectNone(report, tallyOf(rig, "connection broken three times", texts));
  });
  check("silver", "reconnecting is bounded", async () => {
    await using rig = await subject.makeRig();
    if (rig.breakConnection === undefined) return "not-applicable";
    const { opened } = rig.connections();
    // Where the other side connects to the box, coming back is its business.
    if (opened === 0) return "not-applicable";
    const endMs = performance.now() + 3_000;
    while (performance.now() < endMs) {
      await rig.breakConnection();
      await Bun.sleep(50);
    }
    // Back-off begins with half a second at least: more attempts than that would be a storm.
    expect(rig.connections().opened - opened).toBeLessThanOrEqual(8);
  });
  check("silver", "an adapter that is unloaded leaves no connection behind", async () => {
    await using rig = await subject.makeRig();
    await rig.say("m1", "hello");
    await untilReplied(rig, 1);
    await untilSettled(rig);
    await rig.bench.channels.stop();
    await eventually(() => rig.connections().open === 0, "closed connections", 5_000);
    expect(rig.bench.channels.find(rig.channel).connection.status).toBe("offline");
  });
  check("silver", "no secret, text or address is in the log", async () => {
    const { logger, lines } = recordingLogger();
    {
      await using rig = await subject.makeRig({ logger });
      await rig.say("id-canary", "text-canary");
      await untilReplied(rig, 1);
      await rig.breakConnection?.();
      await rig.say("id-canary-2", "second text-canary");
      await untilReplied(rig, 2);
    }
    for (const secret of [...subject.secrets, "text-canary", "id-canary"]) expect(lines()).not.toContain(secret);
  });
}

/** What is declared is there, and what is not there is not declared. */
function checkCapabilities(subject: AdapterCase, check: Check): void {
  check("silver", "the manifest is valid and its capabilities are those of the adapter", () => {
    adapterManifestSchema.parse(subject.manifest);
    expect(subject.manifest.capabilities).toEqual(subject.capabilities);
    expect(JSON.parse(JSON.stringify(subject.manifest))).toEqual(subject.manifest);
  });
  check("gold", "typing, receipts and streaming are there exactly as declared", async () => {
    await using rig = await subject.makeRig({
      turn: async function* (request) {
        yield { type: "turn-delta", text: "part " };
        await Bun.sleep(150);
        yield {
          type: "turn-ended",
          reply: `part of ${request.text}`,
          reason: "stop",
          promptTokens: 0,
          cachedTokens: 0,
          completionTokens: 0,
          sources: [],
        };
      },
    });
    await rig.say("m1", "hello");
    await untilReplied(rig, 1);
    await untilSettled(rig);
    await Bun.sleep(200);
    expect(rig.sawTyping()).toBe(subject.capabilities.typing !== "no");
    expect(rig.sawReceipt()).toBe(subject.capabilities.receipts !== "no");
  });
}

/** The box is taken away at a step, and a new one over the same data takes its place. */
function checkCrash(subject: AdapterCase, check: Check, report: ConformanceReport, step: MessageStep): void {
  check("gold", `a box that dies at ${step} loses and doubles nothing`, async () => {
    let isArmed = false;
    let die: () => void = () => undefined;
    let hasDied = false;
    await using rig = await subject.makeRig({
      reached: (at) => {
        if (!isArmed || at !== step) return;
        isArmed = false;
        hasDied = true;
        die();
      },
    });
    await rig.say("m0", "first");
    await untilReplied(rig, 1);
    await untilSettled(rig);
    die = () => rig.bench.kill();
    isArmed = true;
    const said = rig.say("m1", "second").catch(() => undefined);
    await eventually(() => hasDied, step, patienceMs);
    await rig.breakConnection?.();
    await rig.bench.replaceDead();
    await rig.bench.untilConnected(rig.channel, "online", patienceMs);
    await Promise.race([said, Bun.sleep(100)]);
    // What was not acknowledged is said again by the other side, or by its server.
    await rig.say("m1", "second");
    await untilReplied(rig, 2);
    await untilSettled(rig);
    expectNone(report, tallyOf(rig, `dies at ${step}`, ["first", "second"]));
  });
}

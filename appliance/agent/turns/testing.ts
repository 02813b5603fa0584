// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import { createId, type PersonId } from "../../../shared/ids/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { manualClock, temporaryDirectory } from "../../../shared/testing/index.ts";
import { createVault } from "../../gateway/encryption/index.ts";
import type { Engine, GenerateEvent, GenerateRequest, ModelInfo } from "../../inference/engine/index.ts";
import { openStorage } from "../../ops/storage/index.ts";
import type { PassageIndex } from "../knowledge/index.ts";
import { createAgent } from "./create-agent.ts";
import type { AgentDeps } from "./ports.ts";
import type { RunningTurn, TurnEvent, TurnRequest } from "./types.ts";

/** An engine without a model, whose answers a test writes. */
export interface FakeEngine extends Pick<Engine, "generate" | "countTokens" | "defaultModel" | "status"> {
  model: ModelInfo;
  /** Thrown by `defaultModel` when set. */
  problem: Error | undefined;
  /** The events of a generation; default: one delta with the text of the first passage, then `end`. */
  respond: (request: GenerateRequest, signal: AbortSignal) => AsyncIterable<GenerateEvent>;
  /** Every request so far. */
  readonly requests: GenerateRequest[];
}

const guide: ModelInfo = {
  id: "guide",
  contextTokens: 2048,
  isLoaded: true,
  isGuide: true,
  canEmbed: false,
  canCallTools: false,
};

/** Events that say `deltas` and end. */
export async function* saying(...deltas: readonly string[]): AsyncGenerator<GenerateEvent> {
  yield { type: "started", model: "fake", promptTokens: 10, cachedTokens: 4 };
  for (const text of deltas) yield { type: "delta", text };
  const usage = { promptTokens: 10, cachedTokens: 4, completionTokens: deltas.length };
  yield { type: "end", reason: "stop", usage };
}

/** Makes a fake engine; without `respond` it copies the first passage, as a perfect guide would. */
export function createFakeEngine(model: Partial<ModelInfo> = {}): FakeEngine {
  const requests: GenerateRequest[] = [];
  const engine: FakeEngine = {
    model: { ...guide, ...model },
    problem: undefined,
    requests,
    respond(request) {
      const messages = request.input.kind === "chat" ? request.input.messages : [];
      const lines = (messages[0]?.content ?? "").split("\n");
      return saying(lines.find((line) => !/^(Answer|[①②③])/u.test(line)) ?? "ok");
    },
    async *generate(request, signal) {
      requests.push(request);
      yield* engine.respond(request, signal);
    },
    countTokens: async (messages) => Math.ceil(messages.reduce((sum, message) => sum + message.content.length, 0) / 3),
    defaultModel: async () => {
      if (engine.problem !== undefined) throw engine.problem;
      return engine.model;
    },
    status: () => ({
      backend: "builtin",
      state: "ready",
      model: engine.model.id,
      runningSequences: 0,
      queuedRequests: 0,
      maxSequences: 4,
      restarts: 0,
      decodeTokensPerSecond: 0,
      prefillTokensPerSecond: 0,
      memoryBytes: 0,
    }),
  };
  return engine;
}

/** A whole agent on a database in a temporary folder; `knowledge` is the caller's and stays open. */
export function createAgentBench(knowledge: PassageIndex) {
  const directory = temporaryDirectory();
  const clock = manualClock();
  const storage = openStorage({ path: `${directory.path}/hearth.db`, nowMs: clock.now });
  const vault = createVault({ storage, masterKey: randomBytes(32) });
  const engine = createFakeEngine();
  const deps = { storage, vault, engine, knowledge, clock, logger: silentLogger, reached: () => undefined };
  const person = createId("person");
  vault.createKey(person);
  let inbox = 0;
  return {
    ...deps,
    person,
    directory: directory.path,
    /** Agents share the database, as two runs of the box would. */
    newAgent: (overrides: Partial<AgentDeps> = {}) => createAgent({ ...deps, ...overrides }, { timeZone: "UTC" }),
    newPerson(): PersonId {
      const other = createId("person");
      vault.createKey(other);
      return other;
    },
    request: (text: string, overrides: Partial<TurnRequest> = {}): TurnRequest => ({
      person,
      role: "member",
      channel: "web-chat",
      conversation: "kitchen",
      text,
      inboxId: `inb_${++inbox}`,
      ...overrides,
    }),
    [Symbol.dispose]() {
      storage.close();
      directory[Symbol.dispose]();
    },
  };
}

/** Reads a turn to its end and commits it, as the router does. */
export async function settle(turn: RunningTurn): Promise<{ events: TurnEvent[]; last: TurnEvent; reply: string }> {
  const events: TurnEvent[] = [];
  for await (const event of turn.events) events.push(event);
  const last = events.at(-1);
  if (last === undefined || (last.type !== "turn-ended" && last.type !== "turn-failed")) {
    throw new Error("the turn ended without an outcome");
  }
  turn.commit(last);
  return { events, last, reply: last.reply };
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";
import { assertNever, HearthError, toHearthError } from "../../../../shared/errors/index.ts";
import type { StepRecord } from "../../scheduler/index.ts";
import { chatPrompt } from "../text/prompt.ts";
import type { ChatMessage, GenerateRequest } from "../types.ts";
import type { EngineOrder, EngineReport, GenerationNews, LoadOrder } from "../wire/messages.ts";
import { createGeneration, engineErrorCode, type Generation } from "./generation.ts";
import { loadModel } from "./loaded-model.ts";
import { createMachine, type Machine } from "./machine.ts";
import { prepareRequest } from "./prepare-request.ts";
import { startHeartbeat } from "./start-heartbeat.ts";

export interface EngineChildDeps {
  readonly clock: Clock;
  readonly report: (report: EngineReport) => void;
  readonly logNative: (level: string, line: string) => void;
}

/** The engine inside its process: takes orders, reports what happens. */
export interface EngineChild {
  take(order: EngineOrder): void;
  stop(): Promise<void>;
}

interface ChildState {
  readonly deps: EngineChildDeps;
  readonly generations: Map<string, Generation>;
  machine: Machine | undefined;
  /** What happened since the last report. */
  news: GenerationNews[];
}

function flush(state: ChildState, step?: StepRecord): void {
  if (state.news.length === 0 && step === undefined) return;
  state.deps.report({ type: "news", news: state.news, ...(step === undefined ? {} : { step }) });
  state.news = [];
}

function publish(state: ChildState, item: GenerationNews): void {
  state.news.push(item);
  // A step publishes what it made; what happens between steps (a deadline, a refusal) goes out on its own.
  if (state.news.length === 1) setImmediate(() => flush(state));
  if (item.type === "end" || item.type === "failed") state.generations.delete(item.id);
}

async function load(state: ChildState, order: LoadOrder): Promise<void> {
  const { clock, logNative, report } = state.deps;
  try {
    const loaded = await loadModel(order, logNative);
    state.machine = createMachine(loaded, clock, (step) => flush(state, step));
    report({ type: "loaded", facts: loaded.facts });
  } catch (thrown) {
    const { code, message } = toHearthError(thrown, "model-unavailable");
    report({ type: "load-failed", code, message });
  }
}

function neededMachine(state: ChildState): Machine {
  if (state.machine !== undefined) return state.machine;
  throw new HearthError({ code: "engine-unavailable", message: "no model is loaded" });
}

async function generate(state: ChildState, request: GenerateRequest, replay: readonly number[]): Promise<void> {
  const { loaded, scheduler } = neededMachine(state);
  const { id } = request;
  const generation = createGeneration(loaded, prepareRequest(loaded, request), (news) => publish(state, news));
  state.generations.set(id, generation);
  if (generation.replay(replay)) return;
  const result = scheduler.submit(generation);
  if (result.isAccepted) {
    publish(state, { id, type: "queued", position: result.position, predictedWaitMs: result.predictedWaitMs });
    return;
  }
  const { queuedRequests, retryAfterMs } = result;
  const message = `${queuedRequests} requests are waiting already; a place is expected in ${retryAfterMs} ms`;
  publish(state, { id, type: "failed", code: "queue-full", message, retryAfterMs });
}

function cancel(state: ChildState, id: string): void {
  const generation = state.generations.get(id);
  state.machine?.scheduler.cancel(id);
  generation?.cancel();
  flush(state);
}

async function answer(state: ChildState, id: string, work: () => Promise<EngineReport>): Promise<void> {
  try {
    state.deps.report(await work());
  } catch (thrown) {
    const error = toHearthError(thrown, "invalid-request");
    state.deps.report({ type: "answer-failed", id, code: engineErrorCode(error), message: error.message });
  }
}

async function countTokens(state: ChildState, id: string, messages: readonly ChatMessage[]): Promise<EngineReport> {
  const { loaded } = neededMachine(state);
  const { tokens } = chatPrompt(loaded.model, loaded.wrapper, messages, []);
  return { type: "counted", id, tokens: tokens.length };
}

function take(state: ChildState, order: EngineOrder): void {
  switch (order.type) {
    case "load":
      void load(state, order.order);
      break;
    case "generate":
      void generate(state, order.request, order.replay).catch((thrown: unknown) => {
        const error = toHearthError(thrown, "decode-failed");
        publish(state, { id: order.request.id, type: "failed", code: engineErrorCode(error), message: error.message });
      });
      break;
    case "cancel":
      cancel(state, order.id);
      break;
    case "credit":
      state.generations.get(order.id)?.credit(order.tokens);
      state.machine?.scheduler.wake();
      break;
    case "embed":
      void answer(state, order.id, async () => {
        const embedded = await neededMachine(state).embedder.embed(order.texts);
        return { type: "embedded", id: order.id, ...embedded };
      });
      break;
    case "count":
      void answer(state, order.id, () => countTokens(state, order.id, order.messages));
      break;
    case "shutdown":
      break;
    default:
      assertNever(order);
  }
}

/** Makes the engine of this process. It loads nothing before it is told what. */
export function createEngineChild(deps: EngineChildDeps): EngineChild {
  const state: ChildState = { deps, generations: new Map(), machine: undefined, news: [] };
  const stopBeating = startHeartbeat(
    deps.clock,
    () => state.machine,
    (beat) => deps.report({ type: "beat", beat }),
  );
  return {
    take: (order) => take(state, order),
    async stop() {
      stopBeating();
      await state.machine?.stop();
    },
  };
}

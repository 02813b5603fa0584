// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";
import { assertNever, toHearthError } from "../../../../shared/errors/index.ts";
import { createPrefixCache, type PrefixCache } from "../../prefix-cache/index.ts";
import { createStepScheduler, type StepRecord, type StepScheduler } from "../../scheduler/index.ts";
import { chatPrompt } from "../text/prompt.ts";
import type { GenerateRequest } from "../types.ts";
import type { EngineOrder, EngineReport, GenerationNews, LoadOrder } from "../wire/messages.ts";
import { createEmbedder, type Embedder } from "./embedder.ts";
import { createGeneration, engineErrorCode, type Generation } from "./generation.ts";
import { type LoadedModel, loadModel } from "./loaded-model.ts";
import { prepareRequest } from "./prepare-request.ts";

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

interface Machine {
  readonly loaded: LoadedModel;
  readonly scheduler: StepScheduler;
  readonly cache: PrefixCache;
  readonly embedder: Embedder;
}

const beatMs = 1000;
const halfLifeMs = 10 * 60_000;

function createMachine(loaded: LoadedModel, clock: Clock, onStep: (step: StepRecord) => void): Machine {
  const { order, runtime } = loaded;
  const canCopy = runtime.features.canCopySequences;
  const cache = createPrefixCache(clock.monotonicMs, {
    sequences: order.sequences,
    canTrim: order.canTrim,
    canCopy,
    copyCostTokens: 8,
    halfLifeMs,
  });
  const scheduler = createStepScheduler(
    { clock, context: loaded.context, cache, onStep },
    {
      sequences: order.sequences,
      batchTokens: order.batchTokens,
      maxQueued: order.maxQueued,
      maxWaitMs: order.maxWaitMs,
      interTokenMs: 80,
      prefillStepMs: 400,
      agingMs: 20_000,
      pausedLimitMs: 120_000,
      canShare: canCopy && order.canTrim,
    },
  );
  return { loaded, scheduler, cache, embedder: createEmbedder(loaded) };
}

/** Makes the engine of this process. It loads nothing before it is told what. */
export function createEngineChild(deps: EngineChildDeps): EngineChild {
  const { clock, report } = deps;
  const generations = new Map<string, Generation>();
  let news: GenerationNews[] = [];
  let machine: Machine | undefined;
  let loop: Promise<void> | undefined;
  let lagMs = 0;
  let isStopped = false;

  const flush = (step?: StepRecord): void => {
    if (news.length === 0 && step === undefined) return;
    report({ type: "news", news, ...(step === undefined ? {} : { step }) });
    news = [];
  };
  const publish = (item: GenerationNews): void => {
    news.push(item);
    // A step publishes what it made; what happens between steps (a deadline, a refusal) goes out on its own.
    if (news.length === 1) setImmediate(() => flush());
    if (item.type === "end" || item.type === "failed") generations.delete(item.id);
  };

  const load = async (order: LoadOrder): Promise<void> => {
    try {
      const loaded = await loadModel(order, deps.logNative);
      machine = createMachine(loaded, clock, (step) => flush(step));
      loop = machine.scheduler.run();
      report({ type: "loaded", facts: loaded.facts });
    } catch (thrown) {
      const error = toHearthError(thrown, "model-unavailable");
      report({ type: "load-failed", code: error.code, message: error.message });
    }
  };

  const refuse = (id: string, thrown: unknown): void => {
    const error = toHearthError(thrown, "decode-failed");
    publish({ id, type: "failed", code: engineErrorCode(error), message: error.message });
  };

  const generate = async (request: GenerateRequest, replay: readonly number[]): Promise<void> => {
    if (machine === undefined) {
      publish({ id: request.id, type: "failed", code: "engine-unavailable", message: "no model is loaded" });
      return;
    }
    const generation = createGeneration(machine.loaded, prepareRequest(machine.loaded, request), publish);
    generations.set(request.id, generation);
    if (await generation.replay(replay)) return;
    if (!generations.has(request.id)) return;
    const result = machine.scheduler.submit(generation);
    if (result.isAccepted) {
      publish({ id: request.id, type: "queued", position: result.position, predictedWaitMs: result.predictedWaitMs });
      return;
    }
    const { queuedRequests, retryAfterMs } = result;
    const message = `${queuedRequests} requests are waiting already; a place is expected in ${retryAfterMs} ms`;
    publish({ id: request.id, type: "failed", code: "queue-full", message, retryAfterMs });
  };

  const answer = async (id: string, work: () => Promise<EngineReport>): Promise<void> => {
    try {
      report(await work());
    } catch (thrown) {
      const error = toHearthError(thrown, "invalid-request");
      report({ type: "answer-failed", id, code: engineErrorCode(error), message: error.message });
    }
  };
  const needed = (): Machine => {
    if (machine !== undefined) return machine;
    throw toHearthError("no model is loaded", "engine-unavailable");
  };

  const beat = (): void => {
    const expectedMs = clock.monotonicMs() + beatMs;
    clock.after(beatMs, () => {
      if (isStopped) return;
      lagMs = Math.max(0, clock.monotonicMs() - expectedMs);
      const snapshot = machine?.scheduler.snapshot();
      const since = snapshot?.nativeCallSinceMs;
      report({
        type: "beat",
        beat: {
          memoryBytes: process.memoryUsage.rss(),
          runningSequences: snapshot?.runningSequences ?? 0,
          queuedRequests: snapshot?.queuedRequests ?? 0,
          decodeStepMs: snapshot?.decodeStepMs ?? 0,
          prefillTokenMs: snapshot?.prefillTokenMs ?? 0,
          nativeCallMs: since === undefined ? 0 : clock.monotonicMs() - since,
          lagMs,
          prefixHitTokens: machine?.cache.statistics().hitTokens ?? 0,
        },
      });
      beat();
    });
  };
  beat();

  return {
    take(order) {
      switch (order.type) {
        case "load":
          void load(order.order);
          break;
        case "generate":
          generate(order.request, order.replay)
            .catch((thrown: unknown) => refuse(order.request.id, thrown))
            .finally(() => flush());
          break;
        case "cancel": {
          const generation = generations.get(order.id);
          machine?.scheduler.cancel(order.id);
          generation?.cancel();
          flush();
          break;
        }
        case "credit":
          generations.get(order.id)?.credit(order.tokens);
          machine?.scheduler.wake();
          break;
        case "embed":
          void answer(order.id, async () => ({
            type: "embedded",
            id: order.id,
            ...(await needed().embedder.embed(order.texts)),
          }));
          break;
        case "count":
          void answer(order.id, async () => {
            const { loaded } = needed();
            const { tokens } = chatPrompt(loaded.model, loaded.wrapper, order.messages, []);
            return { type: "counted", id: order.id, tokens: tokens.length };
          });
          break;
        case "shutdown":
          break;
        default:
          assertNever(order);
      }
    },
    async stop() {
      isStopped = true;
      if (machine === undefined) return;
      machine.scheduler.stop();
      await loop;
      await machine.embedder.dispose();
      await machine.loaded.context.dispose();
      await machine.loaded.model.dispose();
      await machine.loaded.runtime.llama.dispose();
    },
  };
}

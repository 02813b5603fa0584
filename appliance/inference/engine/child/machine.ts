// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";
import { createPrefixCache, type PrefixCache } from "../../prefix-cache/index.ts";
import { createStepScheduler, type StepRecord, type StepScheduler } from "../../scheduler/index.ts";
import { createEmbedder, type Embedder } from "./embedder.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { createThreadGovernor } from "./thread-governor.ts";

/** A loaded model with everything that runs on it. */
export interface Machine {
  readonly loaded: LoadedModel;
  readonly scheduler: StepScheduler;
  readonly cache: PrefixCache;
  readonly embedder: Embedder;
  /** Resolves when the last step is over and everything native is given back. */
  stop(): Promise<void>;
}

const halfLifeMs = 10 * 60_000;
/** Copying a sequence takes about as long as reading this many tokens of a small model; of a large one, less. */
const copyCostTokens = 8;

/** Puts cache and scheduler on a loaded model, and starts the loop. */
export function createMachine(loaded: LoadedModel, clock: Clock, onStep: (step: StepRecord) => void): Machine {
  const { context, order, runtime } = loaded;
  const canCopy = runtime.features.canCopySequences;
  const cache = createPrefixCache(clock.monotonicMs, {
    sequences: order.sequences,
    canTrim: order.canTrim,
    canCopy,
    copyCostTokens,
    halfLifeMs,
  });
  const governor = createThreadGovernor(loaded.facts.threads, (threads) => context.setThreads(threads));
  const afterStep = (step: StepRecord): void => {
    governor.observe(step, clock.monotonicMs());
    onStep(step);
  };
  const scheduler = createStepScheduler(
    { clock, context, cache, onStep: afterStep },
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
  const embedder = createEmbedder(loaded);
  const loop = scheduler.run();
  return {
    loaded,
    scheduler,
    cache,
    embedder,
    async stop() {
      scheduler.stop();
      await loop;
      await embedder.dispose();
      await context.dispose();
      await loaded.model.dispose();
      await runtime.llama.dispose();
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only

/** What steps have cost lately. */
export interface StepRates {
  /** Records a finished step. */
  record(step: { readonly decodeTokens: number; readonly prefillTokens: number; readonly durationMs: number }): void;
  /** Milliseconds of a step that only decodes; 0 before the first. */
  decodeStepMs(): number;
  /** Milliseconds for one more prompt token in a step; 0 before the first. */
  prefillTokenMs(): number;
}

const weight = 0.2;

/** Exponentially weighted averages of step costs. */
export function createStepRates(): StepRates {
  let decodeStepMs = 0;
  let prefillTokenMs = 0;
  const blend = (old: number, value: number): number => (old === 0 ? value : old + weight * (value - old));
  return {
    record({ decodeTokens, prefillTokens, durationMs }) {
      if (prefillTokens === 0 && decodeTokens > 0) decodeStepMs = blend(decodeStepMs, durationMs);
      if (prefillTokens > 0) {
        const own = decodeTokens > 0 ? durationMs - decodeStepMs : durationMs;
        prefillTokenMs = blend(prefillTokenMs, Math.max(own, durationMs / 10) / prefillTokens);
      }
    },
    decodeStepMs: () => decodeStepMs,
    prefillTokenMs: () => prefillTokenMs,
  };
}

/** Targets of a step. */
export interface StepTargets {
  /** How long a step may take while somebody waits for the next token, milliseconds. */
  readonly interTokenMs: number;
  /** How long a step may take when nobody decodes; bounds how fast a cancel works, milliseconds. */
  readonly prefillStepMs: number;
  readonly batchTokens: number;
}

/** Prefill tokens for the next step, so that its time holds the target. Pure. */
export function prefillBudget(rates: StepRates, targets: StepTargets, isAnybodyDecoding: boolean): number {
  const perTokenMs = rates.prefillTokenMs();
  // Nothing measured yet: a chunk that even a 7B model on a slow processor reads within a second or two.
  if (perTokenMs === 0) return Math.min(32, targets.batchTokens);
  const roomMs = isAnybodyDecoding
    ? Math.max(targets.interTokenMs - rates.decodeStepMs(), targets.interTokenMs / 4)
    : targets.prefillStepMs;
  return Math.max(8, Math.min(targets.batchTokens, Math.floor(roomMs / perTokenMs)));
}

// SPDX-License-Identifier: AGPL-3.0-only

/** How many tokens a model makes of a byte, learned from the prompts it read. */
export interface TokenRatios {
  /** Undefined before the first prompt of the model. */
  of(model: string): number | undefined;
  /** Records a prompt that the model counted. */
  observe(model: string, bytes: number, tokens: number): void;
}

/** An old high ratio is forgotten slowly, so that one prompt in another script is remembered for a while. */
const decay = 0.98;
const fewestBytes = 200;
/** No tokenizer does better than about 7 bytes a token on text; a server that claims so does not count. */
const lowestRatio = 0.15;

/** Keeps the highest ratio seen lately of each model. */
export function createTokenRatios(): TokenRatios {
  const ratios = new Map<string, number>();
  return {
    of: (model) => ratios.get(model),
    observe(model, bytes, tokens) {
      if (bytes < fewestBytes || tokens <= 0) return;
      ratios.set(model, Math.max((ratios.get(model) ?? 0) * decay, tokens / bytes, lowestRatio));
    },
  };
}

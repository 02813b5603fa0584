// SPDX-License-Identifier: AGPL-3.0-only

/** Tokens a second over the last ten seconds. */
export interface TokenRates {
  record(decodeTokens: number, prefillTokens: number): void;
  perSecond(): { readonly decode: number; readonly prefill: number };
}

const windowSeconds = 10;

/** Counts in buckets of one second. */
export function createTokenRates(monotonicMs: () => number): TokenRates {
  const buckets = Array.from({ length: windowSeconds }, () => ({ second: -1, decode: 0, prefill: 0 }));
  return {
    record(decodeTokens, prefillTokens) {
      const second = Math.floor(monotonicMs() / 1000);
      const bucket = buckets[second % windowSeconds];
      if (bucket === undefined) return;
      if (bucket.second !== second) Object.assign(bucket, { second, decode: 0, prefill: 0 });
      bucket.decode += decodeTokens;
      bucket.prefill += prefillTokens;
    },
    perSecond() {
      const now = Math.floor(monotonicMs() / 1000);
      const recent = buckets.filter((bucket) => now - bucket.second < windowSeconds);
      const sum = (pick: (bucket: (typeof buckets)[number]) => number): number =>
        Math.round((recent.reduce((total, bucket) => total + pick(bucket), 0) / windowSeconds) * 10) / 10;
      return { decode: sum((bucket) => bucket.decode), prefill: sum((bucket) => bucket.prefill) };
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only

/** A waiting request as admission sees it. */
export interface WaitingRequest {
  readonly id: string;
  readonly tenant: string;
  readonly priority: "interactive" | "background";
  readonly queuedAtMs: number;
}

/**
 * The order in which waiting requests are admitted: interactive before background (background that has waited longer
 * than `agingMs` counts as interactive), then the tenant that was served least, then first come. Pure.
 */
export function pickNext<Request extends WaitingRequest>(
  waiting: readonly Request[],
  served: (tenant: string) => number,
  nowMs: number,
  agingMs: number,
): Request | undefined {
  let best: Request | undefined;
  const rank = (request: Request): number =>
    request.priority === "interactive" || nowMs - request.queuedAtMs > agingMs ? 0 : 1;
  for (const request of waiting) {
    if (best === undefined) {
      best = request;
      continue;
    }
    const order =
      rank(request) - rank(best) ||
      served(request.tenant) - served(best.tenant) ||
      request.queuedAtMs - best.queuedAtMs;
    if (order < 0) best = request;
  }
  return best;
}

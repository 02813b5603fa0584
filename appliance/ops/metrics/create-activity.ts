// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock, Timer } from "../../../shared/clock/index.ts";
import type { Service } from "../../../shared/lifecycle/index.ts";
import { percentile } from "./percentile.ts";

/** One point of the ring. A time that nobody measured in its two seconds is null. */
export interface ActivityPoint {
  readonly atMs: number;
  readonly decodeTokensPerSecond: number;
  readonly prefillTokensPerSecond: number;
  readonly timeToFirstTokenP50Ms: number | null;
  readonly timeToFirstTokenP95Ms: number | null;
  readonly queued: number;
  readonly running: number;
  readonly memoryBytes: number;
  readonly engineMemoryBytes: number;
}

/** What the engine says of itself at a moment. */
export interface ActivityFacts {
  readonly decodeTokensPerSecond: number;
  readonly prefillTokensPerSecond: number;
  readonly queuedRequests: number;
  readonly runningSequences: number;
  readonly memoryBytes: number;
}

export interface ActivityDeps {
  readonly clock: Clock;
  readonly engineFacts: () => ActivityFacts;
  /** Times to first token since it was last asked. */
  readonly takeFirstTokenTimes: () => readonly number[];
  /** Resident bytes of the main process. */
  readonly residentBytes: () => number;
}

/** What the box did in the last 15 minutes. */
export interface Activity extends Service {
  read(): { readonly resolutionMs: number; readonly points: ActivityPoint[] };
  /** Calls back with each new point until the returned function is called. */
  subscribe(listener: (point: ActivityPoint) => void): () => void;
}

const resolutionMs = 2000;
const maxPoints = (15 * 60_000) / resolutionMs;

/** Samples the box every two seconds into a ring of 450 points. */
export function createActivity(deps: ActivityDeps): Activity {
  const points: ActivityPoint[] = [];
  const listeners = new Set<(point: ActivityPoint) => void>();
  let timer: Timer | null = null;
  const tick = (): void => {
    const point = sample(deps);
    points.push(point);
    if (points.length > maxPoints) points.shift();
    for (const listener of listeners) listener(point);
    timer = deps.clock.after(resolutionMs, tick);
  };
  return {
    name: "activity",
    async start() {
      timer ??= deps.clock.after(resolutionMs, tick);
    },
    async stop() {
      timer?.cancel();
      timer = null;
      listeners.clear();
    },
    health: () => ({ status: "ok" }),
    read: () => ({ resolutionMs, points: [...points] }),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function sample({ clock, engineFacts, takeFirstTokenTimes, residentBytes }: ActivityDeps): ActivityPoint {
  const facts = engineFacts();
  const times = takeFirstTokenTimes();
  return {
    atMs: clock.now(),
    decodeTokensPerSecond: facts.decodeTokensPerSecond,
    prefillTokensPerSecond: facts.prefillTokensPerSecond,
    timeToFirstTokenP50Ms: percentile(times, 0.5),
    timeToFirstTokenP95Ms: percentile(times, 0.95),
    queued: facts.queuedRequests,
    running: facts.runningSequences,
    memoryBytes: residentBytes(),
    engineMemoryBytes: facts.memoryBytes,
  };
}

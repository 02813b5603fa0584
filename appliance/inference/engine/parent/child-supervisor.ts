// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock, Timer } from "../../../../shared/clock/index.ts";
import { toHearthError } from "../../../../shared/errors/index.ts";
import type { Logger } from "../../../../shared/logging/index.ts";
import type { EngineOrder, EngineReport, LoadedFacts, LoadOrder } from "../wire/messages.ts";
import type { EngineProcess, SpawnEngineProcess } from "./engine-process.ts";

/*
 * Keeps one engine child running. A child that dies is started again at once, then with growing delays; one that
 * hangs is killed: no report for `silentTicks` seconds (stopped, swapped out, event loop stuck), or one native call
 * that does not come back. Ticks are counted, not time: a box that was asleep does not take its child for dead.
 */

/** Where the child is. `down`: it cannot be started for now; it is tried again from time to time. */
export type ChildState = "starting" | "ready" | "restarting" | "down";

export interface ChildSupervisorDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly spawn: SpawnEngineProcess;
  /** What the next child shall load; rejects when that is impossible now. */
  readonly prepare: () => Promise<LoadOrder>;
  readonly onReady: (facts: LoadedFacts, order: LoadOrder) => void;
  readonly onReport: (report: EngineReport) => void;
  /** The child is gone; whatever it was doing has to be done again. */
  readonly onLost: () => void;
  /** It is not going to be back soon. */
  readonly onDown: (problem: string) => void;
}

export interface ChildSupervisorOptions {
  /** Seconds without a report after which the child is taken for hung. */
  readonly silentTicks: number;
  /** A native call that takes longer than this, milliseconds, is taken for hung. */
  readonly nativeCallLimitMs: number;
  /** Longest time for loading a model, milliseconds. */
  readonly loadLimitMs: number;
  /** Crashes within a minute before the child is left alone for `retryDownMs`. */
  readonly crashBudget: number;
  readonly retryDownMs: number;
}

export interface ChildSupervisor {
  /** Resolves when the first attempt is over: ready or down. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends the child and starts one that loads what `prepare` says now. Resolves as {@link start} does. */
  reload(): Promise<void>;
  /** False when no child is ready. */
  send(order: EngineOrder): boolean;
  state(): ChildState;
  problem(): string | undefined;
  processId(): number | undefined;
  restarts(): number;
}

const tickMs = 1000;
const crashWindowMs = 60_000;
const stopGraceMs = 3000;
const stableMs = 5000;
/** A model that ends the library twice while it is loaded is going to do so again. */
const mostLoadCrashes = 2;

/** Delay before the next start after `crashes` crashes within the last minute. Pure. */
export function restartDelayMs(crashes: number): number {
  return crashes <= 2 ? 0 : Math.min(8000, 250 * 2 ** (crashes - 3));
}

interface Situation {
  state: ChildState;
  problem: string | undefined;
  child: EngineProcess | undefined;
  restarts: number;
  /** Children that ended before they had loaded, one after the other. */
  loadCrashes: number;
  /** The library's last words: what it says before it aborts. */
  lastLine: string;
  crashesMs: number[];
  isStopped: boolean;
  silentTicks: number;
  startedMs: number;
  /** Since when the present child has been ready. */
  readyMs: number | undefined;
  /** Ticks of the present child. */
  ticker: Timer | undefined;
  retry: Timer | undefined;
  settled: (() => void)[];
  /** Counts launches: of two at once, the earlier gives way. */
  launches: number;
}

function settle(situation: Situation): void {
  for (const resolve of situation.settled.splice(0)) resolve();
}

function goDown(
  deps: ChildSupervisorDeps,
  options: ChildSupervisorOptions,
  situation: Situation,
  problem: string,
): void {
  situation.state = "down";
  situation.problem = problem;
  deps.logger.error("engine-down", { retryMs: options.retryDownMs });
  deps.onDown(problem);
  settle(situation);
  situation.retry?.cancel();
  situation.retry = deps.clock.after(options.retryDownMs, () => void launch(deps, options, situation));
}

function onExit(deps: ChildSupervisorDeps, options: ChildSupervisorOptions, situation: Situation, how: string): void {
  situation.child = undefined;
  situation.ticker?.cancel();
  if (situation.isStopped) return;
  const now = deps.clock.monotonicMs();
  const { readyMs } = situation;
  situation.readyMs = undefined;
  // Whoever worked for a while died of something else than its predecessor: no reason to wait before the next start.
  if (readyMs !== undefined && now - readyMs >= stableMs) situation.crashesMs = [];
  situation.crashesMs = [...situation.crashesMs.filter((at) => now - at < crashWindowMs), now];
  const crashes = situation.crashesMs.length;
  deps.logger.warn("engine-ended", { how, crashes });
  situation.restarts++;
  situation.loadCrashes += situation.state === "ready" ? 0 : 1;
  situation.state = "restarting";
  situation.problem = `the engine process ended (${how}) and is started again`;
  deps.onLost();
  if (situation.loadCrashes >= mostLoadCrashes) {
    const words = situation.lastLine === "" ? how : `${how}: ${situation.lastLine}`;
    goDown(deps, options, situation, `the engine process ends while it loads the model (${words})`);
    return;
  }
  if (crashes > options.crashBudget) {
    goDown(deps, options, situation, `the engine process ended ${crashes} times within a minute (last: ${how})`);
    return;
  }
  situation.retry = deps.clock.after(restartDelayMs(crashes), () => void launch(deps, options, situation));
}

function watch(
  deps: ChildSupervisorDeps,
  options: ChildSupervisorOptions,
  situation: Situation,
  child: EngineProcess,
): void {
  situation.ticker = deps.clock.after(tickMs, () => {
    if (situation.child !== child) return;
    situation.silentTicks++;
    const isSilent = situation.silentTicks > options.silentTicks;
    const isLoading = situation.state !== "ready";
    const loadsTooLong = isLoading && deps.clock.monotonicMs() - situation.startedMs > options.loadLimitMs;
    // While a model loads the event loop may be held up by the library; only the load limit counts then.
    if ((isSilent && !isLoading) || loadsTooLong) {
      deps.logger.error("engine-hung", { silentTicks: situation.silentTicks, isLoading });
      child.kill();
      return;
    }
    watch(deps, options, situation, child);
  });
}

function onReport(
  deps: ChildSupervisorDeps,
  options: ChildSupervisorOptions,
  situation: Situation,
  order: LoadOrder,
  report: EngineReport,
): void {
  situation.silentTicks = 0;
  if (report.type === "loaded") {
    situation.state = "ready";
    situation.problem = undefined;
    situation.loadCrashes = 0;
    situation.readyMs = deps.clock.monotonicMs();
    deps.onReady(report.facts, order);
    settle(situation);
  } else if (report.type === "load-failed") {
    const { child } = situation;
    situation.child = undefined;
    situation.ticker?.cancel();
    child?.kill();
    goDown(deps, options, situation, report.message);
  } else {
    if (report.type === "beat" && report.beat.nativeCallMs > options.nativeCallLimitMs) {
      deps.logger.error("engine-hung", { nativeCallMs: Math.round(report.beat.nativeCallMs) });
      situation.child?.kill();
    }
    deps.onReport(report);
  }
}

async function launch(deps: ChildSupervisorDeps, options: ChildSupervisorOptions, situation: Situation): Promise<void> {
  if (situation.isStopped) return;
  if (situation.state === "down") {
    situation.state = "restarting";
    situation.loadCrashes = 0;
  }
  situation.startedMs = deps.clock.monotonicMs();
  const launchNumber = ++situation.launches;
  const isOutdated = (): boolean => situation.isStopped || situation.launches !== launchNumber;
  let order: LoadOrder;
  try {
    order = await deps.prepare();
  } catch (thrown) {
    if (!isOutdated()) goDown(deps, options, situation, toHearthError(thrown).message);
    return;
  }
  if (isOutdated()) return;
  situation.silentTicks = 0;
  situation.lastLine = "";
  const child: EngineProcess = deps.spawn({
    onReport: (report) => {
      if (situation.child === child) onReport(deps, options, situation, order, report);
    },
    onLog(line) {
      situation.lastLine = line;
      deps.logger.debug("engine-log", { line });
    },
    onBroken: (problem) => {
      deps.logger.error("engine-stream-broken", { problem });
      child.kill();
    },
  });
  situation.child = child;
  void child.exited.then((how) => {
    if (situation.child === child) onExit(deps, options, situation, how);
  });
  watch(deps, options, situation, child);
  child.send({ type: "load", order });
}

/** Makes the supervisor; {@link ChildSupervisor.start} starts the first child. */
export function createChildSupervisor(deps: ChildSupervisorDeps, options: ChildSupervisorOptions): ChildSupervisor {
  const situation: Situation = {
    state: "starting",
    problem: undefined,
    child: undefined,
    restarts: 0,
    loadCrashes: 0,
    lastLine: "",
    crashesMs: [],
    isStopped: false,
    silentTicks: 0,
    startedMs: 0,
    readyMs: undefined,
    ticker: undefined,
    retry: undefined,
    settled: [],
    launches: 0,
  };
  const begin = (): Promise<void> =>
    new Promise((resolve) => {
      situation.settled.push(resolve);
      void launch(deps, options, situation);
    });
  const end = async (): Promise<void> => {
    situation.retry?.cancel();
    situation.ticker?.cancel();
    const { child } = situation;
    situation.child = undefined;
    if (child === undefined) return;
    child.send({ type: "shutdown" });
    const timer = deps.clock.after(stopGraceMs, () => child.kill());
    await child.exited;
    timer.cancel();
  };
  return {
    start: begin,
    async stop() {
      situation.isStopped = true;
      await end();
      settle(situation);
    },
    async reload() {
      situation.state = "restarting";
      situation.loadCrashes = 0;
      await end();
      deps.onLost();
      await begin();
    },
    send(order) {
      if (situation.state !== "ready" || situation.child === undefined) return false;
      situation.child.send(order);
      return true;
    },
    state: () => situation.state,
    problem: () => situation.problem,
    processId: () => situation.child?.processId,
    restarts: () => situation.restarts,
  };
}

// SPDX-License-Identifier: AGPL-3.0-only

/** The turns that run now, by the address of their session, so that `/stop` finds them. */
export interface RunningTurns {
  /** Registers a turn; dispose it when the turn ends. */
  enter(address: string, controller: AbortController): Disposable;
  /** Aborts every turn of an address; returns how many. */
  stop(address: string): number;
}

/** Makes an empty register. */
export function createRunningTurns(): RunningTurns {
  const running = new Map<string, Set<AbortController>>();
  return {
    enter(address, controller) {
      const controllers = running.get(address) ?? new Set();
      running.set(address, controllers.add(controller));
      return {
        [Symbol.dispose]() {
          controllers.delete(controller);
          if (controllers.size === 0 && running.get(address) === controllers) running.delete(address);
        },
      };
    },
    stop(address) {
      const controllers = [...(running.get(address) ?? [])].filter((controller) => !controller.signal.aborted);
      for (const controller of controllers) controller.abort();
      return controllers.length;
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { useCallback, useEffect, useState } from "preact/hooks";
import { useApp } from "../app/app-context.ts";
import type { ApiProblem } from "./api-client.ts";

/** What a page knows of something it reads from the box. A value once read stays while it is read again. */
export interface Resource<Value> {
  readonly value: Value | undefined;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
}

/**
 * Reads `path` now, when it changes, when `reload` is called, and every `refreshMs` while the page is visible.
 * A null path reads nothing.
 */
export function useResource<Value>(path: string | null, refreshMs?: number): Resource<Value> {
  const { api } = useApp();
  const [round, setRound] = useState(0);
  const [known, setKnown] = useState<{ path: string | null; value?: Value; problem?: ApiProblem }>({ path });
  const reload = useCallback(() => setRound((current) => current + 1), []);

  useEffect(() => {
    if (path === null) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      const result = await api.get<Value>(path, controller.signal);
      if (controller.signal.aborted) return;
      setKnown((before) => {
        if (result.isOk) return { path, value: result.value };
        return before.path === path && before.value !== undefined
          ? { path, value: before.value, problem: result.problem }
          : { path, problem: result.problem };
      });
      schedule();
    };
    const schedule = (): void => {
      if (refreshMs === undefined) return;
      timer = setTimeout(() => (document.visibilityState === "hidden" ? schedule() : void read()), refreshMs);
    };
    void read();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [api, path, refreshMs, round]);

  const isCurrent = known.path === path;
  return { value: isCurrent ? known.value : undefined, problem: isCurrent ? known.problem : undefined, reload };
}

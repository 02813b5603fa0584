// SPDX-License-Identifier: AGPL-3.0-only
import { useCallback, useState } from "preact/hooks";
import type { ApiProblem, ApiResult } from "./api-client.ts";

/** A write of the user's: whether it runs, and why the last one failed. */
export interface Action {
  readonly isRunning: boolean;
  readonly problem: ApiProblem | undefined;
  /** Runs a write, one at a time; `onDone` is called when it succeeded. */
  readonly run: <Value>(write: () => Promise<ApiResult<Value>>, onDone?: (value: Value) => void) => Promise<void>;
  readonly clear: () => void;
}

/** One {@link Action} of a component. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const run = useCallback(
    async <Value>(write: () => Promise<ApiResult<Value>>, onDone?: (value: Value) => void): Promise<void> => {
      setRunning(true);
      setProblem(undefined);
      const result = await write();
      setRunning(false);
      if (result.isOk) onDone?.(result.value);
      else setProblem(result.problem);
    },
    [],
  );
  const clear = useCallback(() => setProblem(undefined), []);
  return { isRunning, problem, run, clear };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../../shared/errors/index.ts";
import type { EngineOrder, EngineReport } from "../wire/messages.ts";

type Answer = Extract<EngineReport, { type: "embedded" | "counted" }>;

/** Questions to the child that have one answer each. */
export interface ChildQuestions {
  /** @throws HearthError with the child's code, or `engine-unavailable` when it is gone or `signal` aborts. */
  ask(order: (id: string) => EngineOrder, signal?: AbortSignal): Promise<Answer>;
  take(report: Answer | Extract<EngineReport, { type: "answer-failed" }>): void;
  /** The child died: nobody is going to answer. */
  interrupt(): void;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: HearthError) => void;
}

function unavailable(message: string): HearthError {
  return new HearthError({ code: "engine-unavailable", message, remedy: "Try again in a moment." });
}

/** Matches answers to questions. `send` is false when no child is ready. */
export function createChildQuestions(send: (order: EngineOrder) => boolean): ChildQuestions {
  const pending = new Map<string, Pending>();
  let nextNumber = 1;
  return {
    ask(order, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(unavailable("the question was given up"));
        const id = `question-${nextNumber++}`;
        const onAbort = (): void => {
          if (pending.delete(id)) reject(unavailable("the question was given up"));
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        const done = (): void => signal?.removeEventListener("abort", onAbort);
        pending.set(id, {
          resolve: (answer) => {
            done();
            resolve(answer);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        if (send(order(id))) return;
        pending.delete(id);
        done();
        reject(unavailable("the engine is not ready"));
      });
    },
    take(report) {
      const waiting = pending.get(report.id);
      pending.delete(report.id);
      if (report.type === "answer-failed")
        waiting?.reject(new HearthError({ code: report.code, message: report.message }));
      else waiting?.resolve(report);
    },
    interrupt() {
      for (const [id, waiting] of [...pending]) {
        pending.delete(id);
        waiting.reject(unavailable("the engine process ended before it answered"));
      }
    },
  };
}

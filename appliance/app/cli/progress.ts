// SPDX-License-Identifier: AGPL-3.0-only
import type { BoxClient } from "./box-client.ts";
import type { CliIo } from "./cli-io.ts";

const quietMs = 700;
const tickMs = 500;

/** Shows on a terminal that a call which takes long is still under way, on standard error, and wipes it afterwards. */
export function withProgress(box: BoxClient, io: Pick<CliIo, "writeError">): BoxClient {
  return {
    isRunning: box.isRunning,
    async call<Answer>(method: Parameters<BoxClient["call"]>[0], path: string, body?: unknown): Promise<Answer> {
      const startedMs = performance.now();
      let isShown = false;
      const timer = setInterval(() => {
        const elapsedMs = performance.now() - startedMs;
        if (elapsedMs < quietMs) return;
        isShown = true;
        io.writeError(`\r\u001b[2Kworking … ${Math.round(elapsedMs / 1000)} s`);
      }, tickMs);
      try {
        return await box.call<Answer>(method, path, body);
      } finally {
        clearInterval(timer);
        if (isShown) io.writeError("\r\u001b[2K");
      }
    },
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  };
}

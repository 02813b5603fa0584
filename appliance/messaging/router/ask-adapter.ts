// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { SendResult } from "../protocol/index.ts";

/** How long an adapter may take to give its word after it was told to stop. */
const graceMs = 2_000;

/**
 * Asks an adapter to send or probe, for at most `timeoutMs`. Never rejects: what throws, or answers too late, may have
 * happened and is `unknown`.
 */
export async function askAdapter(
  ask: (signal: AbortSignal) => Promise<SendResult>,
  clock: Clock,
  timeoutMs: number,
  stopping: AbortSignal,
): Promise<SendResult> {
  const timedOut = new AbortController();
  let giveUp: (result: SendResult) => void = () => undefined;
  const late = new Promise<SendResult>((resolve) => {
    giveUp = resolve;
  });
  const soft = clock.after(timeoutMs, () => timedOut.abort());
  const hard = clock.after(timeoutMs + graceMs, () => giveUp({ status: "unknown", code: "adapter-silent" }));
  try {
    return await Promise.race([ask(AbortSignal.any([timedOut.signal, stopping])), late]);
  } catch (thrown) {
    return { status: "unknown", code: toHearthError(thrown, "adapter-error").code };
  } finally {
    soft.cancel();
    hard.cancel();
  }
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { HearthError, toHearthError } from "../../../shared/errors/index.ts";
import type { ChannelErrorCode } from "./channel-error.ts";

/** Limits of {@link createGuardedFetch}. */
export interface GuardedFetchLimits {
  /** For the whole answer, body included. */
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

async function readBody(response: Response, maximumBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maximumBytes)
      throw new HearthError<ChannelErrorCode>({
        code: "fetch-too-large",
        message: `the answer has more than ${maximumBytes} bytes`,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Statuses whose response may not have a body. */
const isBodiless = (status: number): boolean => status === 101 || status === 204 || status === 205 || status === 304;

/**
 * The network as adapters get it: http and https only, redirects only when asked for, a time limit over the whole
 * exchange, and an answer of bounded size, which has been read when the promise resolves.
 */
export function createGuardedFetch(fetchPort: Fetch, clock: Clock, limits: GuardedFetchLimits): Fetch {
  return async (url, init = {}) => {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new HearthError<ChannelErrorCode>({
        code: "fetch-blocked",
        message: "an adapter may fetch http(s) URLs only",
      });
    const timedOut = new AbortController();
    const timer = clock.after(limits.timeoutMs, () => timedOut.abort());
    const signal = init.signal ? AbortSignal.any([init.signal, timedOut.signal]) : timedOut.signal;
    try {
      const response = await fetchPort(url, { redirect: "manual", ...init, signal });
      const body = await readBody(response, limits.maximumBytes);
      const { status, statusText, headers } = response;
      return new Response(isBodiless(status) ? null : body, { status, statusText, headers });
    } catch (thrown) {
      if (timedOut.signal.aborted)
        throw new HearthError<ChannelErrorCode>({
          code: "fetch-timeout",
          message: `no whole answer within ${limits.timeoutMs} ms`,
          cause: thrown,
        });
      throw toHearthError(thrown, "fetch-failed");
    } finally {
      timer.cancel();
    }
  };
}

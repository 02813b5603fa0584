// SPDX-License-Identifier: AGPL-3.0-only
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Clock } from "../../../shared/clock/index.ts";
import { HearthError, toHearthError } from "../../../shared/errors/index.ts";
import { isBlockedAddress } from "../protocol/index.ts";
import type { ChannelErrorCode } from "./channel-error.ts";

/** Limits of {@link createGuardedFetch}. */
export interface GuardedFetchLimits {
  /** For the whole answer, body included. */
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The addresses of a host name, best first. Rejects when there is none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

const systemResolver: ResolveHost = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

const blocked = (message: string): HearthError =>
  new HearthError<ChannelErrorCode>({
    code: "fetch-blocked",
    message,
    remedy: "Use an address of this machine, the private network or the internet.",
  });

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/**
 * Where a request goes, once the name was looked up. Over plain http it goes to the very address that was looked at, so
 * that a name cannot mean another one a moment later; over https the certificate holds it to the name.
 * @throws HearthError `fetch-blocked`
 */
async function destinationOf(url: URL, resolveHost: ResolveHost): Promise<{ url: string; host?: string }> {
  const { hostname, protocol, host } = url;
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (isBlockedAddress(hostname)) throw blocked("an adapter may not send to this address");
  // Loopback by its name is this machine by definition (RFC 6761).
  if (isIP(bare) !== 0 || hostname === "localhost") return { url: url.href };
  const address = (await resolveHost(hostname)).find((one) => !isBlockedAddress(one));
  if (address === undefined) throw blocked("the name leads to addresses that an adapter may not send to");
  if (protocol === "https:") return { url: url.href };
  const pinned = new URL(url.href);
  pinned.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return { url: pinned.href, host };
}

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
 * The network as adapters get it: http and https only, to no address of {@link isBlockedAddress}, no redirect followed
 * (it could lead to one), a time limit over the whole exchange, and an answer of bounded size, which has been read when
 * the promise resolves.
 */
export function createGuardedFetch(
  fetchPort: Fetch,
  clock: Clock,
  limits: GuardedFetchLimits,
  resolveHost: ResolveHost = systemResolver,
): Fetch {
  return async (url, init = {}) => {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw blocked("an adapter may fetch http(s) URLs only");
    const timedOut = new AbortController();
    const timer = clock.after(limits.timeoutMs, () => timedOut.abort());
    const signal = init.signal ? AbortSignal.any([init.signal, timedOut.signal]) : timedOut.signal;
    try {
      const destination = await Promise.race([destinationOf(new URL(url), resolveHost), untilAborted(signal)]);
      const headers = new Headers(init.headers);
      if (destination.host !== undefined) headers.set("Host", destination.host);
      const response = await fetchPort(destination.url, { ...init, redirect: "manual", headers, signal });
      const body = await readBody(response, limits.maximumBytes);
      const { status, statusText } = response;
      return new Response(isBodiless(status) ? null : body, { status, statusText, headers: response.headers });
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

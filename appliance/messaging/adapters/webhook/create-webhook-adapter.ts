// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../../shared/errors/index.ts";
import type { Adapter, AdapterHost, Outbound, SendResult } from "../../protocol/index.ts";
import { decodeHook } from "./decode-hook.ts";
import { encodeCallback } from "./encode-callback.ts";
import { readCapped } from "./read-capped.ts";
import { createRequestLimit } from "./request-limit.ts";
import { type WebhookConfig, webhookConfigSchema } from "./webhook-config.ts";
import { webhookManifest } from "./webhook-manifest.ts";
import { isSignedBy, signatureHeader, signBody } from "./webhook-signature.ts";

/** Largest body that is read, before anything looks into it. */
export const maximumHookBytes = 256 * 1024;

/** The adapter of a webhook channel, with the door for what is posted to `/hooks/{name}`. */
export interface WebhookAdapter extends Adapter {
  /** Answers one request; 202 once its message is durable. Never rejects. */
  handleHook(request: Request): Promise<Response>;
}

const answer = (status: number, code: string, message: string, headers: Record<string, string> = {}): Response =>
  Response.json(status === 202 ? { status: "accepted" } : { error: { code, message } }, { status, headers });

const isJson = (type: string | null): boolean => /^application\/json\s*(;|$)/i.test(type ?? "");

/** Seconds of a `Retry-After` header as milliseconds; 0 without one that is a number. */
function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get("retry-after") ?? "0");
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 86_400) * 1_000 : 0;
}

/** Makes the {@link WebhookAdapter}. @throws ZodError when `config` is not a webhook's. */
export function createWebhookAdapter(host: AdapterHost, config: unknown): WebhookAdapter {
  const settings: WebhookConfig = webhookConfigSchema.parse(config);
  const limit = createRequestLimit(() => host.now(), settings.requestsPerSecond);
  let lastReceivedMs: number | null = null;
  let isConnected = false;
  let isCallbackFailing = false;

  async function receive(request: Request): Promise<Response> {
    if (request.method !== "POST") return answer(405, "method-not-allowed", "POST a message", { Allow: "POST" });
    if (!isJson(request.headers.get("content-type")))
      return answer(415, "not-json", "the body must be application/json");
    const tooLarge = () => answer(413, "too-large", `the body may have ${maximumHookBytes} bytes`);
    if (Number(request.headers.get("content-length") ?? "0") > maximumHookBytes) return tooLarge();
    const body = await readCapped(request.body, maximumHookBytes);
    if (body === undefined) return tooLarge();
    if (!isSignedBy(settings.secret, body, request.headers.get(signatureHeader)))
      return answer(401, "bad-signature", `${signatureHeader} does not sign this body`);
    // After the signature: who does not know the secret cannot use up the limit of who does.
    const waitMs = limit.take();
    if (waitMs > 0)
      return answer(429, "too-many-requests", "slow down", { "Retry-After": String(Math.ceil(waitMs / 1_000)) });
    const decoded = decodeHook(body, host.now());
    if (!decoded.isOk) return answer(400, "invalid-message", decoded.problem);
    await host.admit(decoded.event);
    lastReceivedMs = host.now();
    return answer(202, "", "");
  }

  function noteCallback(failure: string | undefined): void {
    if (isCallbackFailing === (failure !== undefined)) return;
    isCallbackFailing = failure !== undefined;
    if (!isConnected) return;
    host.state(
      failure === undefined
        ? { status: "online" }
        : { status: "degraded", code: failure, message: "replies wait: the callback URL does not take them" },
    );
  }

  async function post(url: string, outbound: Outbound, signal: AbortSignal): Promise<SendResult> {
    const body = encodeCallback(outbound);
    const response = await host.fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", [signatureHeader]: signBody(settings.secret, body) },
      body,
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    if (response.ok) {
      noteCallback(undefined);
      return { status: "accepted" };
    }
    const code = `callback-http-${response.status}`;
    noteCallback(code);
    return { status: "retry", afterMs: retryAfterMs(response), code };
  }

  return {
    async connect() {
      isConnected = true;
      host.state({ status: "online" });
    },
    async disconnect() {
      isConnected = false;
      host.state({ status: "offline" });
    },
    async send(outbound, signal) {
      try {
        return await post(settings.callback, outbound, signal);
      } catch (thrown) {
        const { code } = toHearthError(thrown, "callback-unreachable");
        noteCallback(code);
        return { status: "unknown", code };
      }
    },
    capabilities: () => webhookManifest.capabilities,
    health: () => ({ lastReceivedMs, pending: 0 }),
    async handleHook(request) {
      if (!isConnected) return answer(503, "not-running", "this channel is paused", { "Retry-After": "30" });
      try {
        const response = await receive(request);
        if (response.status === 202) host.acknowledged?.();
        return response;
      } catch (thrown) {
        host.log("error", "hook-failed", { code: toHearthError(thrown).code });
        return answer(503, "not-taken", "not taken in now; send it again", { "Retry-After": "5" });
      }
    },
  };
}

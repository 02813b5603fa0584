// SPDX-License-Identifier: AGPL-3.0-only
import { signBody, webhookModule } from "../../../appliance/messaging/adapters/webhook/index.ts";
import { startCallbackServer } from "../../fixtures/messaging/callback-server.ts";
import { createChannelBench } from "../../fixtures/messaging/channel-bench.ts";
import type { AdapterRig, RigOptions } from "./adapter-rig.ts";

export const webhookSecret = "webhook-secret-canary";

/** A webhook with the program it belongs to: posts what it has to say until it is taken, knows replies by their id. */
export async function makeWebhookRig(options: RigOptions = {}): Promise<AdapterRig> {
  let isSwallowing = false;
  const callback = startCallbackServer(webhookSecret, () => (isSwallowing ? 500 : 204));
  const bench = createChannelBench({ modules: [webhookModule], ...options });
  const config = { secret: webhookSecret, callback: callback.url };
  await bench.channels.add({ kind: "webhook", name: "hook", policy: "anyone", config });
  await bench.start();
  await bench.untilConnected("hook");
  let acknowledgements = 0;
  return {
    bench,
    channel: "hook",
    async say(id, text) {
      const body = new TextEncoder().encode(JSON.stringify({ id, from: "ada-canary", text }));
      const headers = { "Content-Type": "application/json", "X-Hearth-Signature": signBody(webhookSecret, body) };
      const request = new Request("http://box/hooks/hook", { method: "POST", headers, body });
      const response = await bench.channels.handleHook("hook", request);
      if (response.status !== 202) throw new Error(`the hook answered ${response.status}`);
      acknowledgements += 1;
    },
    // The contract asks of the other side to know a repeated id.
    replies: () => [...new Map(callback.requests.map((request) => [request.id, request])).values()],
    acknowledgements: () => acknowledgements,
    connections: () => ({ opened: 0, open: 0 }),
    swallowAnswers() {
      isSwallowing = true;
      return {
        async restore() {
          isSwallowing = false;
        },
      };
    },
    sawTyping: () => false,
    sawReceipt: () => false,
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      callback[Symbol.dispose]();
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { createHmac } from "node:crypto";
import type { FaultChannel, FaultPeer } from "./fault-channel.ts";

const secret = "fault-test-secret";

/** Signed HTTP both ways. The sender repeats a POST with the same id until it gets a 202, as the contract allows. */
export const webhookFaultChannel: FaultChannel = {
  name: "webhook",
  missing: undefined,
  async prepare(home) {
    const replies: { id: string; in_reply_to: string; text: string }[] = [];
    const callback = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch(request) {
        const reply = (await request.json()) as (typeof replies)[number];
        // The contract's receiver: the same id again is the same reply.
        if (!replies.some((known) => known.id === reply.id)) replies.push(reply);
        return new Response(null, { status: 204 });
      },
    });
    await home.command(
      [
        "channel",
        "add",
        "webhook",
        "--name",
        "shop",
        "--secret",
        "-",
        "--callback",
        `http://127.0.0.1:${callback.port}/in`,
        "--anyone",
      ],
      secret,
    );
    return {
      async connect(): Promise<FaultPeer> {
        const stopping = new AbortController();
        return {
          say: (id, text) =>
            void postUntilTaken(
              `${home.baseUrl}/hooks/shop`,
              JSON.stringify({ id, from: "ann", text }),
              stopping.signal,
            ),
          repliesTo: (id) => replies.filter((reply) => reply.in_reply_to === id).map((reply) => reply.text),
          reconnect: async () => undefined,
          [Symbol.asyncDispose]: async () => stopping.abort(),
        };
      },
      [Symbol.asyncDispose]: async () => callback.stop(true),
    };
  },
};

async function postUntilTaken(url: string, body: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await postOnce(url, body, signal)) !== 202) await Bun.sleep(100);
}

/** Posts a signed message once. @returns the status; 0 when nobody answered. */
export async function postOnce(url: string, body: string, signal?: AbortSignal): Promise<number> {
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hearth-signature": `sha256=${signature}` },
      body,
      signal: AbortSignal.any([...(signal === undefined ? [] : [signal]), AbortSignal.timeout(5000)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    // The box is down: that is what the test is about.
    return 0;
  }
}

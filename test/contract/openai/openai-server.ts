// SPDX-License-Identifier: AGPL-3.0-only
import OpenAI from "openai";
import type { Engine } from "../../../appliance/inference/engine/index.ts";
import { createHttpApp, createHttpServer } from "../../../appliance/lan/http-api/index.ts";
import { type MemoryServices, memberPerson, memoryServices } from "../../../appliance/lan/http-api/testing.ts";
import type { LiveEvent, MessageRouter } from "../../../appliance/messaging/router/index.ts";
import { systemClock } from "../../../shared/clock/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";

export const testKey = "hk_test-key-of-the-member-0123456789";

/** A router that answers every message with the same live events and remembers what it was asked. */
export function scriptedRouter(events: readonly LiveEvent[]) {
  const admitted: { channel: string; event: Parameters<MessageRouter["admit"]>[1] }[] = [];
  const cancelled: unknown[] = [];
  const router: MessageRouter = {
    async admit(channel, event) {
      admitted.push({ channel, event });
      return { isDuplicate: false, inboxId: `inb_${admitted.length}` };
    },
    async *watch() {
      yield* events;
    },
    cancel: (target) => void cancelled.push(target),
  };
  return { router, admitted, cancelled };
}

/** A real server on a free loopback port, and the real client pointed at it. */
export async function startOpenAiServer(
  engine: Engine,
  router: MessageRouter = scriptedRouter([]).router,
  prepare: (services: MemoryServices) => void = () => undefined,
) {
  const services = memoryServices();
  services.knownKeys.set(testKey, { id: "key_test", person: memberPerson, scopes: ["models", "agent"] });
  prepare(services);
  const app = createHttpApp(
    { services, engine, router, clock: systemClock, logger: silentLogger },
    {
      hostPolicy: () => ({ listenHost: "127.0.0.1", allowedHosts: [] }),
      openAi: { heartbeatMs: 50, headerWaitMs: 100 },
    },
  );
  const server = createHttpServer(
    { handle: (request, connection) => app.fetch(request, connection), logger: silentLogger },
    { listen: { host: "127.0.0.1", port: 0 }, drainMs: 100 },
  );
  await server.start(new AbortController().signal);
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  const client = new OpenAI({ apiKey: testKey, baseURL: `${baseUrl}/v1`, maxRetries: 0 });
  return { client, baseUrl, services, [Symbol.asyncDispose]: () => server.stop() };
}

/** The error that a call of the client fails with. The client's promises are lazy, so `expect().rejects` does not see them. */
export async function failureOf(promise: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof OpenAI.APIError) return thrown;
    throw thrown;
  }
  throw new Error("it should have failed");
}

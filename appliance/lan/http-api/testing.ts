// SPDX-License-Identifier: AGPL-3.0-only
import { silentLogger } from "../../../shared/logging/index.ts";
import { manualClock } from "../../../shared/testing/index.ts";
import type { Engine } from "../../inference/engine/index.ts";
import type { MessageRouter } from "../../messaging/router/index.ts";
import { sayWords, scriptedEngine } from "../openai-api/testing.ts";
import type { ApiServices } from "./api-services.ts";
import type { KeyScope } from "./api-types.ts";
import type { CallerPerson } from "./caller.ts";
import { createHttpApp } from "./create-http-app.ts";
import type { HttpConnection } from "./http-environment.ts";
import { type MemoryServices, memoryServices, ownerPerson } from "./memory-services.ts";
import { csrfTokenOf } from "./security/session-cookie.ts";

export type { MemoryServices } from "./memory-services.ts";
export { memberPerson, memoryServices } from "./memory-services.ts";

/** A connection over the network. */
export function fromNetwork(address = "127.0.0.1"): HttpConnection {
  return { peer: { kind: "network", address }, isTls: false };
}

/** A connection over the control socket. */
export const controlSocket: HttpConnection = { peer: { kind: "control-socket" }, isTls: false };

/** Headers of a request in a person's session, its anti-forgery token included. */
export function asSession(services: MemoryServices, person: CallerPerson) {
  const token = `session-of-${person.id}-${person.role}`;
  services.openSessions.set(token, person);
  return { host: "localhost", cookie: `hearth_session=${token}`, "x-hearth-csrf": csrfTokenOf(token) };
}

/** Headers of a request with a key. */
export function asKey(services: MemoryServices, scopes: readonly KeyScope[], person: CallerPerson = ownerPerson) {
  const key = `hk_${person.id}-${scopes.join("-")}`;
  services.knownKeys.set(key, { id: `key_${scopes.join("-")}`, person, scopes });
  return { host: "localhost", authorization: `Bearer ${key}` };
}

/** The application over {@link memoryServices}, with a clock that the test moves. */
export function testApp(changes: Partial<ApiServices> = {}, engine: Engine = scriptedEngine(sayWords(["hello"]))) {
  const clock = manualClock();
  const services = { ...memoryServices(), ...changes };
  const router: MessageRouter = {
    admit: async () => ({ isDuplicate: false, inboxId: "inb_1" }),
    async *watch() {
      yield { type: "refused", reason: "blocked" };
    },
    cancel: () => undefined,
  };
  const app = createHttpApp(
    { services, engine, router, clock, logger: silentLogger },
    {
      hostPolicy: () => ({ listenHost: "127.0.0.1", allowedHosts: ["hearth-1a2b.local"] }),
      handleHook: async (name, request) => Response.json({ name, body: await request.text() }, { status: 202 }),
      baseUrl: () => "http://127.0.0.1:7411",
      version: "0.1.0",
    },
  );
  return { app, services, clock };
}

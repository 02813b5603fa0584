// SPDX-License-Identifier: AGPL-3.0-only
import type { Gateway } from "../gateway/access-control/index.ts";
import type { Engine } from "../inference/engine/index.ts";
import type { ApiServices, Settings } from "../lan/http-api/index.ts";
import type { ChannelManager } from "../messaging/channels/index.ts";
import type { QueueView } from "../messaging/queues/index.ts";
import { version } from "./version.ts";

/** What the status is put together from. */
export interface StatusParts {
  readonly home: string;
  readonly isServing: boolean;
  readonly startedMs: number;
  readonly addresses: () => string[];
  readonly engine: Engine;
  readonly channels: ChannelManager;
  readonly gateway: Pick<Gateway, "people" | "pairing">;
  readonly queues: QueueView;
  readonly settings: { read(): Settings };
}

/** Whether a turn can be answered now. A back-end that restarts counts: what is asked meanwhile is answered after it. */
export function createReadiness(engine: Engine, isServing: boolean): ApiServices["readiness"] {
  return {
    read() {
      const { state, problem } = engine.status();
      if (isServing && state === "ready") return { isReady: true };
      return {
        isReady: false,
        problem: problem ?? (isServing ? `the engine is ${state}` : "the appliance is not running"),
      };
    },
  };
}

/** `GET /api/status`. */
export function createStatusService(parts: StatusParts): ApiServices["status"] {
  const { engine, channels, gateway, queues } = parts;
  const readiness = createReadiness(engine, parts.isServing);
  return {
    read() {
      const ready = readiness.read();
      const list = channels.list().filter((channel) => channel.isEnabled);
      const counts = queues.counts();
      return {
        name: parts.settings.read().boxName,
        version,
        startedMs: parts.startedMs,
        nowMs: Date.now(),
        isReady: ready.isReady,
        ...(ready.isReady ? {} : { problem: ready.problem }),
        isRunning: parts.isServing,
        home: parts.home,
        addresses: parts.addresses(),
        engine: engine.status(),
        memoryBytes: process.memoryUsage.rss(),
        channels: {
          total: list.length,
          online: list.filter((channel) => channel.connection.status === "online").length,
          failing: parts.isServing ? list.filter((channel) => channel.connection.status !== "online").length : 0,
        },
        people: gateway.people.list().length,
        pendingPairings: gateway.pairing.list().length,
        queues: {
          inboxWaiting: counts.inboxWaiting + counts.inboxLeased,
          outboxWaiting: counts.outboxWaiting + counts.outboxSending + counts.outboxRetrying,
          deadLetters: counts.dead,
          unknown: counts.outboxUnknown,
        },
      };
    },
  };
}

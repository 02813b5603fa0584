// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../shared/errors/index.ts";
import type { Service, ServiceHealth } from "../../shared/lifecycle/index.ts";
import type { Logger } from "../../shared/logging/index.ts";

/** Starts services in order and stops them in the reverse order. */
export interface Supervisor {
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  health(): readonly { readonly name: string; readonly health: ServiceHealth }[];
}

/**
 * Runs the long-lived parts of the box. Order matters: what takes messages in starts last and stops first, so that
 * nothing is admitted while there is nobody to answer and everything admitted is on disk before storage closes.
 * Each service restarts its own children and connections with its own budget; a service that cannot start fails the box.
 */
export function createSupervisor(services: readonly Service[], logger: Logger): Supervisor {
  const started: Service[] = [];
  const stop = async (): Promise<void> => {
    for (let service = started.pop(); service !== undefined; service = started.pop()) {
      try {
        await service.stop();
      } catch (thrown) {
        logger.error("service-stop-failed", { service: service.name, code: toHearthError(thrown).code });
      }
    }
  };
  return {
    async start(signal) {
      for (const service of services) {
        try {
          signal.throwIfAborted();
          await service.start(signal);
          started.push(service);
        } catch (thrown) {
          logger.error("service-start-failed", { service: service.name, code: toHearthError(thrown).code });
          await stop();
          throw thrown;
        }
      }
    },
    stop,
    health: () => services.map((service) => ({ name: service.name, health: service.health() })),
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { StepObserver } from "../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { AdapterHost, ConnectionState, InboundEvent, LoginStep } from "../protocol/index.ts";
import type { AdapterDoor, Admitted } from "../router/index.ts";
import type { AdapterStateStore } from "./adapter-state-store.ts";

/** What the host of one adapter needs. */
export interface AdapterHostDeps {
  readonly router: AdapterDoor;
  readonly states: AdapterStateStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reached: StepObserver;
  /** Whether the gateway knows an address of a channel. */
  readonly knows: (channel: string, address: string) => boolean;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly onState: (state: ConnectionState) => void;
  readonly onLogin: (step: LoginStep) => void;
}

/** The {@link AdapterHost} of one channel: everything the adapter does is done for that channel and no other. */
export function createAdapterHost(deps: AdapterHostDeps, channel: string): AdapterHost {
  const { router, states, clock, logger } = deps;

  const admitAll = (events: readonly InboundEvent[], alongside?: () => void): Promise<readonly Admitted[]> => {
    for (const _event of events) deps.reached("01-event-decoded");
    return router.admitAll(channel, events, alongside);
  };

  return {
    async admit(event) {
      const [admitted] = await admitAll([event]);
      return admitted as Admitted;
    },
    async commit(puts, admits = []) {
      await admitAll(admits, () => states.put(channel, puts));
    },
    load: async (keys) => states.load(channel, keys),
    state: deps.onState,
    login: deps.onLogin,
    receipt(clientId, state) {
      router.receipt(channel, clientId, state).catch((thrown: unknown) => {
        // A receipt is news about a message that has been dealt with: the log is all it is worth.
        logger.warn("receipt-not-kept", { channel, code: toHearthError(thrown).code });
      });
    },
    knows: (address) => deps.knows(channel, address),
    fetch: deps.fetch,
    log: (level, event, fields) => logger[level](event, { ...fields, channel }),
    acknowledged: () => deps.reached("04-upstream-acknowledged"),
    now: () => clock.now(),
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
  };
}

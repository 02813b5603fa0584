// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import type { Adapter, AdapterModule, ConnectionState, LoginStep } from "../protocol/index.ts";
import { backOffMs, type ChannelPort } from "../router/index.ts";
import type { ChannelRecord } from "./channel-record.ts";
import { type AdapterHostDeps, createAdapterHost } from "./create-adapter-host.ts";

/** A channel whose adapter is loaded. */
export interface RunningChannel {
  readonly adapter: Adapter | undefined;
  readonly connection: ConnectionState;
  /** The last step of a log-in under way. */
  readonly login: LoginStep | undefined;
  stop(): Promise<void>;
}

/** What running a channel needs. */
export interface RunChannelDeps extends Omit<AdapterHostDeps, "onState" | "onLogin" | "router"> {
  readonly router: AdapterHostDeps["router"] & ChannelPort;
  readonly random: () => number;
  readonly onConnection: (channel: string, state: ConnectionState) => void;
}

const disconnectGraceMs = 5_000;
const firstRestartMs = 1_000;
const longestRestartMs = 5 * 60_000;

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

const canSend = (state: ConnectionState): boolean => state.status === "online" || state.status === "degraded";

/**
 * Loads an adapter and keeps it: one that throws while it is made or connected (which the protocol forbids) is unloaded
 * and made anew, with back-off. Connections are the adapter's own business.
 */
export function runChannel(deps: RunChannelDeps, module: AdapterModule, record: ChannelRecord): RunningChannel {
  const { clock, logger, router } = deps;
  const stopped = new AbortController();
  let adapter: Adapter | undefined;
  let connection: ConnectionState = { status: "connecting" };
  let login: LoginStep | undefined;
  let restarts = 0;

  function note(state: ConnectionState): void {
    connection = state;
    deps.onConnection(record.name, state);
  }

  /** One life of the adapter; returns when it has failed or the channel is stopped. */
  async function live(): Promise<void> {
    let attached: ReturnType<ChannelPort["attach"]> | undefined;
    const onState = (state: ConnectionState): void => {
      if (stopped.signal.aborted) return;
      if (canSend(state)) restarts = 0;
      note(state);
      attached?.setReady(canSend(state));
    };
    const onLogin = (step: LoginStep): void => {
      login = step;
    };
    const host = createAdapterHost({ ...deps, onState, onLogin }, record.name);
    const made = module.create(host, record.config);
    adapter = made;
    attached = router.attach(record.name, made);
    try {
      await made.connect();
      await untilAborted(stopped.signal);
    } finally {
      attached.detach();
      adapter = undefined;
      await made.disconnect(disconnectGraceMs);
    }
  }

  async function keepAlive(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await live();
      } catch (thrown) {
        const error = toHearthError(thrown, "adapter-failed");
        restarts += 1;
        const delayMs = backOffMs(restarts, firstRestartMs, longestRestartMs, deps.random);
        logger.error("channel-failed", { channel: record.name, code: error.code, restarts });
        note({ status: "offline", code: error.code, message: error.message, retryAtMs: clock.now() + delayMs });
        await clock.sleep(delayMs, stopped.signal);
      }
    }
  }

  note(connection);
  const life = keepAlive();
  return {
    get adapter() {
      return adapter;
    },
    get connection() {
      return connection;
    },
    get login() {
      return login;
    },
    async stop() {
      stopped.abort();
      await life;
      note({ status: "offline" });
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { HearthError, toHearthError } from "../../../shared/errors/index.ts";
import type { Service, StepObserver } from "../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { ChannelPolicy } from "../../gateway/access-control/index.ts";
import type { Adapter, AdapterManifest, AdapterModule, ConnectionState, LoginStep } from "../protocol/index.ts";
import type { AdapterDoor, AttachedChannel, ChannelPort, MessageStorage, MessageVault } from "../router/index.ts";
import { createAdapterStateStore } from "./adapter-state-store.ts";
import { hideSecrets, mergeConfig, parseChannelConfig } from "./channel-config.ts";
import type { ChannelErrorCode } from "./channel-error.ts";
import type { ChannelRecord, ChannelView } from "./channel-record.ts";
import { type ChannelStore, unknownChannel } from "./channel-store.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { type RunningChannel, runChannel } from "./run-channel.ts";

/** What the channel manager needs. */
export interface ChannelManagerDeps {
  readonly store: ChannelStore;
  readonly storage: MessageStorage;
  readonly vault: MessageVault;
  readonly router: AdapterDoor & ChannelPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reached: StepObserver;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Whether the gateway knows an address of a channel. Default: nobody is known. */
  readonly knows?: (channel: string, address: string) => boolean;
  readonly random?: () => number;
}

/** A channel inside the box. */
export interface BuiltInChannel {
  readonly name: string;
  readonly manifest: AdapterManifest;
  readonly adapter: Adapter;
}

/** What the box can connect to. */
export interface ChannelKinds {
  readonly modules: readonly AdapterModule[];
  readonly builtIn: readonly BuiltInChannel[];
}

/** Changes of a channel; what is absent stays. */
export interface ChannelChanges {
  readonly policy?: ChannelPolicy;
  readonly isEnabled?: boolean;
  /** Keys given replace, null removes. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A channel to be made. */
export interface NewChannel {
  readonly kind: string;
  readonly name: string;
  readonly policy: ChannelPolicy;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * The channels of the box. Before `start` (as in a command on the data folder) it changes only what is stored; while it
 * runs, each change is put into effect at once.
 */
export interface ChannelManager extends Service {
  kinds(): readonly AdapterManifest[];
  list(): ChannelView[];
  /** @throws HearthError `channel-unknown` */
  find(name: string): ChannelView;
  /** @throws HearthError `channel-exists`, `channel-name-invalid`, `channel-kind-unknown` or `channel-config-invalid` */
  add(channel: NewChannel): Promise<ChannelView>;
  /** @throws HearthError `channel-unknown`, `channel-built-in` or `channel-config-invalid` */
  update(name: string, changes: ChannelChanges): Promise<ChannelView>;
  /** @throws HearthError `channel-unknown` or `channel-built-in` */
  remove(name: string): Promise<void>;
  /** Unloads and loads the adapter. @throws HearthError `channel-unknown` or `channel-built-in` */
  restart(name: string): Promise<ChannelView>;
  /** The last step of a log-in under way. */
  login(name: string): LoginStep | undefined;
  /** Answers `POST /hooks/{name}`. Never rejects. */
  handleHook(name: string, request: Request): Promise<Response>;
}

const namePattern = /^[a-z][a-z0-9-]{0,31}$/;
const fetchLimits = { timeoutMs: 15_000, maximumBytes: 1024 * 1024 };

type HookAdapter = Adapter & { handleHook(request: Request): Promise<Response> };
const takesHooks = (adapter: Adapter | undefined): adapter is HookAdapter =>
  adapter !== undefined && "handleHook" in adapter && typeof adapter.handleHook === "function";

const hookAnswer = (status: number, code: string, message: string): Response =>
  Response.json({ error: { code, message } }, { status, headers: status === 503 ? { "Retry-After": "30" } : {} });

/** Makes the {@link ChannelManager}. */
export function createChannelManager(deps: ChannelManagerDeps, kinds: ChannelKinds): ChannelManager {
  const { store, logger, clock } = deps;
  const running = new Map<string, RunningChannel>();
  const attached: AttachedChannel[] = [];
  let isRunning = false;

  const runDeps = {
    router: deps.router,
    states: createAdapterStateStore(deps.storage, deps.vault),
    clock,
    logger,
    reached: deps.reached,
    fetch: createGuardedFetch(deps.fetch, clock, fetchLimits),
    knows: deps.knows ?? (() => false),
    random: deps.random ?? Math.random,
    onConnection: saveConnection,
  };

  function saveConnection(name: string, state: ConnectionState): void {
    logger.info("channel-state", { channel: name, status: state.status, code: state.code });
    try {
      store.saveConnection(name, state);
    } catch (thrown) {
      // What is shown after a restart is all that depends on it.
      logger.warn("channel-state-not-kept", { channel: name, code: toHearthError(thrown).code });
    }
  }

  function moduleOf(kind: string): AdapterModule {
    const found = kinds.modules.find(({ manifest }) => manifest.id === kind);
    if (found !== undefined) return found;
    throw new HearthError<ChannelErrorCode>({
      code: "channel-kind-unknown",
      message: `there is no kind of channel "${kind}"`,
      remedy: `The kinds are: ${kinds.modules.map(({ manifest }) => manifest.id).join(", ")}.`,
      details: { kind },
    });
  }

  function stored(name: string): ChannelRecord {
    if (kinds.builtIn.some((one) => one.name === name))
      throw new HearthError<ChannelErrorCode>({
        code: "channel-built-in",
        message: `the channel "${name}" is a part of the box and cannot be changed`,
        details: { name },
      });
    const record = store.find(name);
    if (record === undefined) throw unknownChannel(name);
    return record;
  }

  function toView(record: ChannelRecord, pending: number): ChannelView {
    const live = running.get(record.name);
    const module = kinds.modules.find(({ manifest }) => manifest.id === record.kind);
    // Without its module nobody knows which values are secrets: none is shown.
    const shown = module === undefined ? { config: {}, secretsSet: [] } : hideSecrets(module, record.config);
    // What was stored last tells of a box that ran: without one nothing is connected, whatever the last word was.
    const connection = live?.connection ?? { ...(isRunning ? {} : record.connection), status: "offline" as const };
    const lastReceivedMs = live?.adapter?.health().lastReceivedMs ?? null;
    return { ...record, ...shown, connection, isBuiltIn: false, lastReceivedMs, pending };
  }

  function builtInView({ name, manifest, adapter }: BuiltInChannel, pending: number): ChannelView {
    const connection = { status: isRunning ? ("online" as const) : ("offline" as const) };
    const { lastReceivedMs } = adapter.health();
    const fixed = { policy: "closed", isEnabled: true, isBuiltIn: true, config: {}, secretsSet: [] } as const;
    return { name, kind: manifest.id, ...fixed, connection, lastReceivedMs, pending };
  }

  function list(): ChannelView[] {
    const pending = store.pending();
    const pendingOf = (name: string): number => pending.get(name) ?? 0;
    const inBox = kinds.builtIn.map((one) => builtInView(one, pendingOf(one.name)));
    return [...inBox, ...store.list().map((record) => toView(record, pendingOf(record.name)))];
  }

  function find(name: string): ChannelView {
    const view = list().find((one) => one.name === name);
    if (view === undefined) throw unknownChannel(name);
    return view;
  }

  function begin(record: ChannelRecord): void {
    if (!isRunning || !record.isEnabled) return;
    const module = kinds.modules.find(({ manifest }) => manifest.id === record.kind);
    if (module === undefined) {
      saveConnection(record.name, { status: "offline", code: "channel-kind-unknown" });
      return;
    }
    running.set(record.name, runChannel(runDeps, module, record));
  }

  async function end(name: string): Promise<void> {
    const live = running.get(name);
    running.delete(name);
    await live?.stop();
  }

  async function put(record: Omit<ChannelRecord, "connection">): Promise<ChannelView> {
    store.update(record);
    await end(record.name);
    begin(stored(record.name));
    return find(record.name);
  }

  return {
    name: "channels",
    kinds: () => kinds.modules.map(({ manifest }) => manifest),
    list,
    find,
    async add({ kind, name, policy, config }) {
      const isTaken = kinds.builtIn.some((one) => one.name === name);
      if (!namePattern.test(name) || isTaken)
        throw new HearthError<ChannelErrorCode>({
          code: isTaken ? "channel-exists" : "channel-name-invalid",
          message: `a channel cannot be named "${name.slice(0, 64)}"`,
          remedy:
            "Use lower-case letters, digits and -, at most 32, beginning with a letter; web-chat and api are taken.",
        });
      store.insert({ name, kind, policy, isEnabled: true, config: parseChannelConfig(moduleOf(kind), config) });
      begin(stored(name));
      return find(name);
    },
    async update(name, changes) {
      const record = stored(name);
      const merged = mergeConfig(record.config, changes.config ?? {});
      const config = changes.config === undefined ? merged : parseChannelConfig(moduleOf(record.kind), merged);
      const { policy = record.policy, isEnabled = record.isEnabled } = changes;
      const isPolicyOnly = changes.config === undefined && isEnabled === record.isEnabled;
      if (!isPolicyOnly) return put({ ...record, policy, isEnabled, config });
      // The gateway reads the policy with each message: the connection need not be dropped for it.
      store.update({ ...record, policy });
      return find(name);
    },
    async remove(name) {
      stored(name);
      await end(name);
      store.remove(name);
    },
    async restart(name) {
      const record = stored(name);
      await end(name);
      begin(record);
      return find(name);
    },
    login: (name) => running.get(name)?.login,
    async handleHook(name, request) {
      const record = store.find(name);
      if (record?.kind !== "webhook") return hookAnswer(404, "not-found", "there is no webhook of this name");
      const adapter = running.get(name)?.adapter;
      if (!takesHooks(adapter)) return hookAnswer(503, "not-running", "this channel is paused");
      return adapter.handleHook(request);
    },
    async start() {
      if (isRunning) return;
      isRunning = true;
      for (const { name, adapter } of kinds.builtIn) {
        await adapter.connect();
        const channel = deps.router.attach(name, adapter);
        channel.setReady(true);
        attached.push(channel);
      }
      for (const record of store.list()) begin(record);
    },
    async stop() {
      isRunning = false;
      await Promise.all([...running.keys()].map(end));
      for (const channel of attached.splice(0)) channel.detach();
      await Promise.all(kinds.builtIn.map(({ adapter }) => adapter.disconnect(0)));
    },
    health() {
      const failing = [...running].filter(([, { connection }]) => connection.status !== "online").map(([name]) => name);
      if (!isRunning) return { status: "down", code: "channels-stopped", message: "no channel is connected" };
      if (failing.length === 0) return { status: "ok" };
      return { status: "degraded", code: "channels-failing", message: `not online: ${failing.join(", ")}` };
    },
  };
}

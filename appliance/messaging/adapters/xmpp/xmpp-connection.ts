// SPDX-License-Identifier: AGPL-3.0-only
import { type XmlElement, type XmppClient, xml } from "@xmpp/client";
import { toHearthError } from "../../../../shared/errors/index.ts";
import type { ConnectionState } from "../../protocol/index.ts";
import { backOffMs } from "../../router/index.ts";
import { createXmppClient } from "./create-xmpp-client.ts";
import { createHandledCount } from "./handled-count.ts";
import { namespaces } from "./namespaces.ts";
import { resolveServer } from "./resolve-server.ts";
import type { XmppConfig } from "./xmpp-config.ts";

/** What hears of a connection. */
export interface XmppConnectionEvents {
  /** Deals with a stanza. It is acknowledged when the promise resolves; when it rejects, the connection is dropped and it comes again. */
  onStanza(stanza: XmlElement): Promise<void>;
  /** A new session, nothing of an older one left: announce presence, catch up. Online when it resolves. */
  onSession(): Promise<void>;
  /** Stream management says that the server has the stanza. */
  onDelivered(stanza: XmlElement): void;
  /** The session is lost, and nobody can say whether the server has the stanza. */
  onLost(stanza: XmlElement): void;
  /** The server was told how far the stanzas have been dealt with. */
  onAcknowledged(): void;
  onState(state: ConnectionState): void;
}

/** What a connection needs of the host. */
export interface XmppConnectionPorts {
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
}

/** One account's connection, kept up until `stop`. */
export interface XmppConnection {
  start(): void;
  stop(graceMs: number): Promise<void>;
  readonly isOnline: boolean;
  /** Whether the server counts our stanzas (XEP-0198). */
  readonly isCounting: boolean;
  /** Whether a stanza waits to be acknowledged, and will be sent again when the session is resumed. */
  isWaiting(id: string): boolean;
  send(stanza: XmlElement): Promise<void>;
  /** Sends an IQ and gives its result. Rejects on an error or after `timeoutMs`. */
  request(stanza: XmlElement, timeoutMs: number): Promise<XmlElement>;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
/** A wrong password does not get better by trying. */
const afterRefusalMs = 5 * 60_000;
const negotiationMs = 20_000;
const refusals = [
  "not-authorized",
  "account-disabled",
  "credentials-expired",
  "no-mechanism",
  "certificate-not-trusted",
];

const conditionOf = (thrown: unknown): string => {
  const named = thrown as { condition?: unknown; code?: unknown };
  for (const name of [named?.condition, named?.code]) if (typeof name === "string") return name.toLowerCase();
  return toHearthError(thrown, "connection-failed").code;
};

/** Makes the {@link XmppConnection}. */
export function createXmppConnection(
  config: XmppConfig,
  resource: string,
  events: XmppConnectionEvents,
  ports: XmppConnectionPorts,
): XmppConnection {
  const at = config.jid.lastIndexOf("@");
  const domain = config.jid.slice(at + 1);
  const username = config.jid.slice(0, at);
  const count = createHandledCount();
  const stopped = new AbortController();
  let target = { host: domain, port: 5222 };
  let isOnline = false;
  let offersCounting = false;
  // Between `enabled` or `resumed` and the end of the connection: only then does a stanza count.
  let isCounting = false;
  let failures = 0;
  let lastError: { code: string; message: string } | undefined;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  let keepAlive: ReturnType<typeof setInterval> | undefined;

  const entity: XmppClient = createXmppClient({ config, domain, username, resource, target: () => target }, count);
  const { streamManagement } = entity;

  function drop(thrown: unknown): void {
    lastError = { code: conditionOf(thrown), message: toHearthError(thrown).message };
    entity.socket?.destroy();
  }

  async function acknowledge(): Promise<void> {
    try {
      if (streamManagement.enabled)
        await entity.send(xml("a", { xmlns: namespaces.streamManagement, h: String(count.handled) }));
      events.onAcknowledged();
    } catch {
      // The connection broke: the server asks when the session is resumed, or sends again.
    }
  }

  function onStanza(stanza: XmlElement): void {
    const settle = isCounting ? count.receive() : () => true;
    const dealtWith = events.onStanza(stanza);
    // Only messages are work; the rest counts before the next element of the same packet, which may ask for the count.
    if (stanza.name !== "message") settle();
    dealtWith.then(
      () => {
        if (stanza.name === "message" && settle()) void acknowledge();
      },
      (thrown: unknown) => drop(thrown),
    );
  }

  function becomeOnline(): void {
    // The library may say so when the connection has broken already.
    if (entity.socket === null || stopped.signal.aborted) return;
    clearTimeout(deadline);
    clearInterval(keepAlive);
    failures = 0;
    lastError = undefined;
    isOnline = true;
    events.onState({ status: "online" });
    if (!streamManagement.enabled) keepAlive = setInterval(checkWithPing, config.keepAliveSeconds * 1_000);
  }

  /** Without stream management a ping tells whether the other side is there. */
  function checkWithPing(): void {
    const ping = xml("iq", { type: "get", to: domain }, xml("ping", { xmlns: namespaces.ping }));
    entity.iqCaller.request(ping, config.keepAliveSeconds * 1_000).catch((thrown: unknown) => {
      // A server that knows no ping is there all the same.
      if (conditionOf(thrown) !== "service-unavailable") drop(thrown);
    });
  }

  async function beginSession(): Promise<void> {
    try {
      await events.onSession();
      becomeOnline();
    } catch (thrown) {
      drop(thrown);
    }
  }

  function onNonza(element: XmlElement): void {
    if (element.is("features")) offersCounting = element.getChild("sm", namespaces.streamManagement) !== undefined;
    else if (element.is("enabled", namespaces.streamManagement)) {
      // Here and not where the library does it, one tick later: stanzas of the same packet count already.
      count.reset();
      isCounting = true;
      setImmediate(() => void beginSession());
    } else if (element.is("resumed", namespaces.streamManagement)) isCounting = true;
    else if (element.is("failed", namespaces.streamManagement) && entity.status === "online") {
      setImmediate(() => void beginSession());
    }
  }

  async function connectOnce(): Promise<void> {
    events.onState({ status: "connecting" });
    target = await resolveServer(config);
    if (stopped.signal.aborted) return;
    deadline = setTimeout(() => drop({ code: "negotiation-timeout" }), negotiationMs);
    await entity.connect(`xmpp://${domain}`);
    await entity.open({ domain });
  }

  async function afterDisconnect(): Promise<void> {
    clearTimeout(deadline);
    clearInterval(keepAlive);
    isOnline = false;
    isCounting = false;
    count.forgetUnhandled();
    if (stopped.signal.aborted) return;
    failures += 1;
    const { code, message } = lastError ?? { code: "connection-lost", message: "the connection was lost" };
    const isRefused = refusals.includes(code);
    const delayMs = isRefused ? afterRefusalMs : backOffMs(failures, firstRetryMs, longestRetryMs, ports.random);
    const status = isRefused ? "logged-out" : "offline";
    events.onState({ status, code, message, retryAtMs: ports.now() + delayMs });
    await ports.sleep(delayMs, stopped.signal);
    if (!stopped.signal.aborted) await connect();
  }

  async function connect(): Promise<void> {
    try {
      await connectOnce();
    } catch (thrown) {
      const socket = entity.socket;
      lastError = { code: conditionOf(thrown), message: toHearthError(thrown).message };
      // With a socket its end brings the `disconnect` that the next attempt follows; without one it has been.
      socket?.destroy();
    }
  }

  entity.on("stanza", onStanza);
  entity.on("nonza", onNonza);
  entity.on("online", () => {
    if (!offersCounting) setImmediate(() => void beginSession());
  });
  entity.on("disconnect", () => void afterDisconnect());
  entity.on("error", (thrown: unknown) => {
    lastError = { code: conditionOf(thrown), message: toHearthError(thrown).message };
    // The library stays connected after a failed log-in.
    if (!isOnline) entity.socket?.destroy();
  });
  streamManagement.on("resumed", becomeOnline);
  streamManagement.on("ack", events.onDelivered);
  streamManagement.on("fail", events.onLost);

  return {
    start: () => void connect(),
    async stop(graceMs) {
      stopped.abort();
      isOnline = false;
      clearTimeout(deadline);
      clearInterval(keepAlive);
      entity.timeout = Math.max(1, graceMs);
      const { socket } = entity;
      if (socket === null) return;
      await Promise.race([
        entity.stop().catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, graceMs).unref()),
      ]);
      socket.destroy();
    },
    get isOnline() {
      return isOnline;
    },
    get isCounting() {
      return streamManagement.enabled;
    },
    isWaiting: (id) => streamManagement.outbound_q.some(({ stanza }) => stanza.attrs.id === id),
    async send(stanza) {
      await entity.send(stanza);
      // Asked at once: the library would wait for more stanzas, and the reply's record with it.
      const isAsked = streamManagement.enabled && stanza.getChild("body") !== undefined;
      if (isAsked) await entity.send(xml("r", { xmlns: namespaces.streamManagement }));
    },
    request: (stanza, timeoutMs) => entity.iqCaller.request(stanza, timeoutMs),
  };
}

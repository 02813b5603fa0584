// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import { type XmlElement, xml } from "@xmpp/client";
import { toHearthError } from "../../../../shared/errors/index.ts";
import type {
  Adapter,
  AdapterHost,
  ChatCapabilities,
  InboundEvent,
  Outbound,
  SendResult,
} from "../../protocol/index.ts";
import { createArchiveCursor } from "./archive-cursor.ts";
import { bareAddress } from "./bare-address.ts";
import { type DecodeContext, type DecodedStanza, decodeStanza } from "./decode-stanza.ts";
import { encodeMessage, encodeReceipt, encodeTyping } from "./encode-message.ts";
import { findInArchive } from "./find-in-archive.ts";
import { createMessageArchive } from "./message-archive.ts";
import { namespaces } from "./namespaces.ts";
import { createSendFates } from "./send-fates.ts";
import { type XmppConfig, xmppConfigSchema } from "./xmpp-config.ts";
import { createXmppConnection, type XmppConnection } from "./xmpp-connection.ts";
import { xmppManifest } from "./xmpp-manifest.ts";

const resourceKey = "resource";
const pageSize = 100;
/** The cursor of an archive that was empty. */
const fromBeginning = "";
const pingTimeoutMs = 10_000;

/** Makes the XMPP adapter. @throws ZodError when `config` is not an XMPP account's. */
export function createXmppAdapter(host: AdapterHost, config: unknown): Adapter {
  const settings: XmppConfig = xmppConfigSchema.parse(config);
  const self = bareAddress(settings.jid);
  const nicks = new Map(settings.rooms.map(({ room, nick }) => [bareAddress(room), nick]));
  const stopped = new AbortController();
  const fates = createSendFates();
  const cursor = createArchiveCursor(host, stopped.signal);
  let connection: XmppConnection | undefined;
  let hasArchive = true;
  let isCaughtUp = false;
  // What comes while the archive is read waits for it, so that a conversation keeps its order.
  let caughtUp: Promise<void> = Promise.resolve();
  let lastReceivedMs: number | null = null;
  let hasUnacknowledged = false;

  const archive = createMessageArchive(self, (stanza, timeoutMs) => {
    if (connection === undefined) return Promise.reject(new DOMException("not connected", "InvalidStateError"));
    return connection.request(stanza, timeoutMs);
  });
  const context = (archiveId?: string): DecodeContext => ({
    self,
    nicks,
    nowMs: host.now(),
    ...(archiveId === undefined ? {} : { archiveId }),
  });
  const isRoom = (conversation: string): boolean => nicks.has(conversation);

  /** Sends what nothing depends on; a connection that is gone has no use for it. */
  function sendLightly(stanza: XmlElement): void {
    connection?.send(stanza).catch(() => undefined);
  }

  async function admit(event: InboundEvent): Promise<void> {
    try {
      await host.admit(event);
    } catch (thrown) {
      // What comes after a message that was not taken must not move the cursor past it.
      isCaughtUp = false;
      throw thrown;
    }
  }

  async function act(decoded: DecodedStanza, from: string | undefined): Promise<void> {
    switch (decoded.kind) {
      case "message":
        await admit(decoded.event);
        hasUnacknowledged = true;
        lastReceivedMs = host.now();
        if (decoded.receiptId !== undefined && from) sendLightly(encodeReceipt(from, decoded.receiptId));
        break;
      case "receipt":
        host.receipt(decoded.clientId, decoded.state);
        return;
      case "subscription-request":
        // Who is not known must not learn whether the box is there.
        if (host.knows?.(decoded.from) === true) sendLightly(xml("presence", { type: "subscribed", to: decoded.from }));
        return;
      case "ignored":
        break;
    }
    if (decoded.archiveId === undefined || !isCaughtUp) return;
    cursor.set(decoded.archiveId);
    void cursor.saveSoon();
  }

  async function onStanza(stanza: XmlElement): Promise<void> {
    if (stanza.name === "message" && archive.take(stanza)) return;
    await caughtUp;
    await act(decodeStanza(stanza, context()), stanza.attrs.from);
  }

  /** Takes in what the server has in its archive since the last message that was taken. */
  async function catchUp(): Promise<void> {
    await cursor.load();
    if (cursor.value === undefined) {
      // The first time: what was said before the box had this account is not for it.
      const { messages } = await archive.query({ limit: 1 });
      cursor.set(messages.at(-1)?.archiveId ?? fromBeginning);
      return cursor.save();
    }
    for (;;) {
      const { messages, isComplete } = await archive.query({ after: cursor.value, limit: pageSize });
      for (const { archiveId, stanza } of messages) {
        await act(decodeStanza(stanza, context(archiveId)), stanza.attrs.from);
        cursor.set(archiveId);
      }
      await cursor.save();
      if (isComplete || messages.length === 0) return;
    }
  }

  async function joinRooms(): Promise<void> {
    const since = new Date(await cursor.storedMs(host.now())).toISOString();
    for (const [room, nick] of nicks) {
      const history = xml("history", { since, maxstanzas: "50" });
      sendLightly(xml("presence", { to: `${room}/${nick}` }, xml("x", { xmlns: namespaces.rooms }, history)));
    }
  }

  async function readArchive(): Promise<void> {
    try {
      await catchUp();
      hasArchive = true;
    } catch (thrown) {
      const { condition } = thrown as { condition?: unknown };
      if (condition === undefined) throw thrown;
      hasArchive = condition === "item-not-found";
      // The archive forgot the cursor, or there is none: what came meanwhile is only what the server kept offline.
      host.log("warn", "xmpp-archive-gap", { condition: String(condition) });
      cursor.set(undefined);
    }
  }

  /**
   * What the archive has comes first, because nothing is delivered before presence is announced; and once more after it,
   * for what came in between: a server does not hand out offline messages to who reads the archive.
   */
  async function onSession(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    isCaughtUp = false;
    caughtUp = promise;
    try {
      await readArchive();
      await connection?.send(xml("presence"));
      if (hasArchive) await readArchive();
      isCaughtUp = true;
    } finally {
      resolve();
    }
    await joinRooms();
  }

  async function connect(): Promise<void> {
    // The same resource each time: the server then ends a session of ours that hangs, and gives what it held.
    const [stored] = await host.load([resourceKey]);
    const resource = stored ? new TextDecoder().decode(stored) : `hearth-${randomBytes(6).toString("hex")}`;
    if (!stored) await host.commit({ [resourceKey]: new TextEncoder().encode(resource) });
    connection = createXmppConnection(
      settings,
      resource,
      {
        onStanza,
        onSession,
        onDelivered: (stanza) => fates.note(stanza, "delivered"),
        onLost: (stanza) => fates.note(stanza, "lost"),
        onAcknowledged: () => {
          if (hasUnacknowledged) host.acknowledged?.();
          hasUnacknowledged = false;
        },
        onState: (state) => host.state(state),
      },
      { sleep: (delayMs, signal) => host.sleep(delayMs, signal), now: () => host.now(), random: Math.random },
    );
    connection.start();
  }

  /** Whether the server has dealt with everything up to now, for servers that do not count. */
  async function isPassedOn(live: XmppConnection): Promise<boolean> {
    try {
      await live.request(xml("iq", { type: "get" }, xml("ping", { xmlns: namespaces.ping })), pingTimeoutMs);
      return true;
    } catch (thrown) {
      // An error is an answer as well: streams are in order, so the message before it has been read.
      return (thrown as { condition?: unknown }).condition !== undefined;
    }
  }

  async function send(outbound: Outbound, signal: AbortSignal): Promise<SendResult> {
    const live = connection;
    if (live === undefined || !live.isOnline) return { status: "retry", afterMs: 1_000, code: "offline" };
    const { clientId } = outbound;
    const fate = fates.begin(clientId, signal);
    try {
      const isCounted = live.isCounting;
      await live.send(encodeMessage(outbound, isRoom(outbound.conversation)));
      if (!isCounted)
        return (await isPassedOn(live)) ? { status: "accepted" } : { status: "unknown", code: "no-answer" };
      const known = await fate;
      if (known === "delivered") return { status: "accepted", messageId: clientId };
      return { status: "unknown", code: known === "lost" ? "session-lost" : "not-acknowledged" };
    } catch {
      // The write failed; part of it may be on its way.
      return { status: "unknown", code: "connection-lost" };
    } finally {
      fates.leave(clientId);
    }
  }

  async function probe(outbound: Outbound): Promise<SendResult> {
    const live = connection;
    const { clientId, conversation } = outbound;
    if (fates.of(clientId) === "delivered") return { status: "accepted", messageId: clientId };
    if (live === undefined || !live.isOnline) return { status: "unknown", code: "offline" };
    if (live.isWaiting(clientId)) return { status: "unknown", code: "not-acknowledged" };
    try {
      return await findInArchive(archive, clientId, bareAddress(conversation));
    } catch (thrown) {
      return { status: "unknown", code: toHearthError(thrown, "archive-failed").code };
    }
  }

  function capabilities(conversation: string): ChatCapabilities {
    const { capabilities: all } = xmppManifest;
    return isRoom(conversation)
      ? { ...all, canProbe: false, typing: "no", receipts: "no", isSenderVerified: false }
      : { ...all, canProbe: hasArchive };
  }

  return {
    connect,
    async disconnect(graceMs) {
      stopped.abort();
      const saved = Promise.race([cursor.save(), host.sleep(graceMs)]);
      await connection?.stop(graceMs);
      await saved;
      connection = undefined;
      host.state({ status: "offline" });
    },
    send,
    probe,
    capabilities,
    showTyping(notice) {
      if (connection?.isOnline === true && !isRoom(notice.conversation)) sendLightly(encodeTyping(notice));
    },
    health: () => ({ lastReceivedMs, pending: fates.waiting }),
  };
}

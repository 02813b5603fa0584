// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import { type XmlElement, xml } from "@xmpp/client";
import { toHearthError } from "../../../../shared/errors/index.ts";
import type { Adapter, AdapterHost, ChatCapabilities, Outbound, SendResult } from "../../protocol/index.ts";
import { bareAddress } from "./bare-address.ts";
import { type DecodeContext, type DecodedStanza, decodeStanza } from "./decode-stanza.ts";
import { encodeMessage, encodeReceipt, encodeTyping } from "./encode-message.ts";
import { createMessageArchive } from "./message-archive.ts";
import { namespaces } from "./namespaces.ts";
import { type XmppConfig, xmppConfigSchema } from "./xmpp-config.ts";
import { createXmppConnection, type XmppConnection } from "./xmpp-connection.ts";
import { xmppManifest } from "./xmpp-manifest.ts";

const stateKeys = { resource: "resource", cursor: "archive-cursor", seen: "seen-ms" } as const;
const pageSize = 100;
/** The cursor of an archive that was empty. */
const fromBeginning = "";
const searchedPages = 20;
const rememberedSends = 1_000;
const pingTimeoutMs = 10_000;
const cursorEveryMs = 1_000;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (value: Uint8Array | null | undefined): string | undefined =>
  value === null || value === undefined ? undefined : new TextDecoder().decode(value);

/** What became of a send, as far as stream management has said. */
type Fate = "waiting" | "delivered" | "lost";

/** Makes the XMPP adapter. @throws ZodError when `config` is not an XMPP account's. */
export function createXmppAdapter(host: AdapterHost, config: unknown): Adapter {
  const settings: XmppConfig = xmppConfigSchema.parse(config);
  const self = bareAddress(settings.jid);
  const nicks = new Map(settings.rooms.map(({ room, nick }) => [bareAddress(room), nick]));
  const fates = new Map<string, Fate>();
  const waiters = new Map<string, (fate: Fate) => void>();
  const stopped = new AbortController();
  let connection: XmppConnection | undefined;
  let hasArchive = true;
  let isCaughtUp = false;
  // What comes while the archive is read waits for it, so that a conversation keeps its order.
  let caughtUp: Promise<void> = Promise.resolve();
  let lastReceivedMs: number | null = null;
  let cursor: string | undefined;
  let savedCursor: string | undefined;
  let isSaving = false;
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

  function noteFate(stanza: XmlElement, fate: Fate): void {
    const { id } = stanza.attrs;
    if (stanza.name !== "message" || !id || !fates.has(id)) return;
    fates.set(id, fate);
    waiters.get(id)?.(fate);
    for (const old of fates.keys()) {
      if (fates.size <= rememberedSends) break;
      fates.delete(old);
    }
  }

  /** Sends what nothing depends on; a connection that is gone has no use for it. */
  function sendLightly(stanza: XmlElement): void {
    connection?.send(stanza).catch(() => undefined);
  }

  /** The archive's cursor may lag behind: what is fetched twice is known by its id. So it is saved now and then. */
  async function saveCursor(): Promise<void> {
    if (isSaving || stopped.signal.aborted) return;
    isSaving = true;
    await host.sleep(cursorEveryMs, stopped.signal);
    isSaving = false;
    await saveNow();
  }

  async function saveNow(): Promise<void> {
    if (cursor === undefined || cursor === savedCursor) return;
    const saved = cursor;
    try {
      await host.commit({ [stateKeys.cursor]: bytes(saved), [stateKeys.seen]: bytes(String(host.now())) });
      savedCursor = saved;
    } catch (thrown) {
      host.log("warn", "xmpp-cursor-not-kept", { code: toHearthError(thrown).code });
    }
  }

  async function act(decoded: DecodedStanza, from: string | undefined): Promise<void> {
    switch (decoded.kind) {
      case "message":
        await host.admit(decoded.event);
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
    cursor = decoded.archiveId;
    void saveCursor();
  }

  async function onStanza(stanza: XmlElement): Promise<void> {
    if (stanza.name === "message" && archive.take(stanza)) return;
    await caughtUp;
    await act(decodeStanza(stanza, context()), stanza.attrs.from);
  }

  /** Takes in what the server has in its archive since the last message that was taken. */
  async function catchUp(): Promise<void> {
    const [stored] = await host.load([stateKeys.cursor]);
    cursor ??= textOf(stored);
    if (cursor === undefined) {
      // The first time: what was said before the box had this account is not for it.
      const { messages } = await archive.query({ limit: 1 });
      cursor = messages.at(-1)?.archiveId ?? fromBeginning;
      return saveNow();
    }
    for (;;) {
      const { messages, isComplete } = await archive.query({ after: cursor, limit: pageSize });
      for (const { archiveId, stanza } of messages) {
        await act(decodeStanza(stanza, context(archiveId)), stanza.attrs.from);
        cursor = archiveId;
      }
      await saveNow();
      if (isComplete || messages.length === 0) return;
    }
  }

  async function joinRooms(): Promise<void> {
    const [seen] = await host.load([stateKeys.seen]);
    const since = new Date(Number(textOf(seen) ?? host.now())).toISOString();
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
      cursor = undefined;
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
    const [stored] = await host.load([stateKeys.resource]);
    const resource = textOf(stored) ?? `hearth-${randomBytes(6).toString("hex")}`;
    // The same resource each time: the server then ends a session of ours that hangs, and gives what it held.
    if (stored === null) await host.commit({ [stateKeys.resource]: bytes(resource) });
    connection = createXmppConnection(
      settings,
      resource,
      {
        onStanza,
        onSession,
        onDelivered: (stanza) => noteFate(stanza, "delivered"),
        onLost: (stanza) => noteFate(stanza, "lost"),
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
    const fate = new Promise<Fate>((resolve) => {
      waiters.set(clientId, resolve);
      signal.addEventListener("abort", () => resolve("waiting"), { once: true });
    });
    fates.delete(clientId);
    fates.set(clientId, "waiting");
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
      waiters.delete(clientId);
    }
  }

  /** Looks for a message of ours from the newest back to the beginning. Only a search that got there proves its absence. */
  async function searchArchive(clientId: string, address: string): Promise<SendResult> {
    let before: string | undefined;
    for (let page = 0; page < searchedPages; page += 1) {
      const place = before === undefined ? {} : { before };
      const { messages, isComplete } = await archive.query({ with: address, limit: pageSize, ...place });
      if (messages.some(({ stanza }) => stanza.attrs.id === clientId))
        return { status: "accepted", messageId: clientId };
      before = messages[0]?.archiveId;
      if (isComplete || before === undefined) return { status: "retry", afterMs: 0, code: "not-in-archive" };
    }
    return { status: "unknown", code: "archive-too-long" };
  }

  async function probe(outbound: Outbound): Promise<SendResult> {
    const live = connection;
    const { clientId, conversation } = outbound;
    if (fates.get(clientId) === "delivered") return { status: "accepted", messageId: clientId };
    if (live === undefined || !live.isOnline) return { status: "unknown", code: "offline" };
    if (live.isWaiting(clientId)) return { status: "unknown", code: "not-acknowledged" };
    try {
      return await searchArchive(clientId, bareAddress(conversation));
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
      const saved = Promise.race([saveNow(), host.sleep(graceMs)]);
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
    health: () => ({ lastReceivedMs, pending: waiters.size }),
  };
}

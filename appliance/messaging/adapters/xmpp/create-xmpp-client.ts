// SPDX-License-Identifier: AGPL-3.0-only
import { randomUUID } from "node:crypto";
import { client, type XmppClient, xml } from "@xmpp/client";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { HandledCount } from "./handled-count.ts";
import type { XmppConfig } from "./xmpp-config.ts";
import { XmppSocket } from "./xmpp-socket.ts";

/** Bytes that may come without ending a stanza; a server's own limit is far below. */
const maximumStanzaLength = 4 * 1024 * 1024;
const libraryTimeoutMs = 10_000;
const connectTimeoutMs = 10_000;
const mechanismsByTrust = ["SCRAM-SHA-1", "PLAIN"];

/** Account and server of a client. */
export interface XmppClientOptions {
  readonly config: XmppConfig;
  readonly domain: string;
  readonly username: string;
  readonly resource: string;
  /** Where the next connection goes. */
  readonly target: () => { readonly host: string; readonly port: number };
}

/** Makes the library use our own socket, for every service. */
function useOwnSocket(entity: XmppClient, options: XmppClientOptions): void {
  const { domain, config } = options;
  const authority = config.caCertificate === undefined ? {} : { caCertificate: config.caCertificate };
  const socketOptions = { domain, tls: config.tls, connectTimeoutMs, ...authority };
  const Tcp = entity.transports.find((transport) => {
    try {
      return transport.prototype.socketParameters("xmpp://localhost") !== undefined;
    } catch {
      // A transport that cannot parse the URL is not the one for it.
      return false;
    }
  });
  if (Tcp === undefined) throw new HearthError({ code: "xmpp-library", message: "@xmpp/client has no TCP transport" });
  class OwnTransport extends Tcp {}
  Object.assign(OwnTransport.prototype, {
    Socket: class extends XmppSocket {
      constructor() {
        super(socketOptions);
      }
    },
    socketParameters: options.target,
  });
  entity.transports = [OwnTransport];
}

/**
 * The library acknowledges a stanza when it has been received. Here `h` is what has been handled: its counter becomes
 * a view of ours, and what it adds by itself is dropped.
 */
function takeOverAcknowledgement(entity: XmppClient, count: HandledCount): void {
  Object.defineProperty(entity.streamManagement, "inbound", { get: () => count.handled, set: () => undefined });
}

/** What a hostile or broken server sends ends the connection, not the process: the parser throws on some of it. */
function guardParser(entity: XmppClient): void {
  let unfinishedLength = 0;
  entity.on("element", () => {
    unfinishedLength = 0;
  });
  const parse = entity._onData.bind(entity);
  entity._onData = (data) => {
    unfinishedLength += String(data).length;
    try {
      if (unfinishedLength > maximumStanzaLength)
        throw new HearthError({
          code: "stanza-too-large",
          message: `a stanza has over ${maximumStanzaLength} characters`,
        });
      parse(data);
    } catch (thrown) {
      unfinishedLength = 0;
      entity.emit("error", thrown);
      entity.socket?.destroy();
    }
  };
}

/** The library's client, with TLS, acknowledgement and reconnection taken over. */
export function createXmppClient(options: XmppClientOptions, count: HandledCount): XmppClient {
  const { config, domain, username, resource } = options;
  const entity = client({
    service: `xmpp://${domain}`,
    domain,
    username,
    resource,
    timeout: libraryTimeoutMs,
    async credentials(authenticate, mechanisms, _fast, self) {
      const usable = self.isSecure() ? mechanismsByTrust : mechanismsByTrust.filter((name) => name !== "PLAIN");
      const mechanism = usable.find((name) => mechanisms.includes(name));
      if (mechanism === undefined)
        throw new HearthError({
          code: "no-mechanism",
          message: "the server offers no way to log in that keeps the password",
        });
      const userAgent = xml("user-agent", { id: randomUUID() });
      await authenticate({ username, password: config.password }, mechanism, userAgent);
    },
  });
  entity.timeout = libraryTimeoutMs;
  entity.reconnect.stop();
  const { streamManagement } = entity;
  streamManagement.requestAckInterval = config.keepAliveSeconds * 1_000;
  streamManagement.timeout = config.keepAliveSeconds * 1_000;
  useOwnSocket(entity, options);
  takeOverAcknowledgement(entity, count);
  guardParser(entity);
  return entity;
}

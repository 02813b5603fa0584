// SPDX-License-Identifier: AGPL-3.0-only
import { EventEmitter } from "node:events";
import net from "node:net";
import { StringDecoder } from "node:string_decoder";
import tls from "node:tls";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { XmppConfig } from "./xmpp-config.ts";

/** How to reach and to trust a server. */
export interface XmppSocketOptions {
  readonly domain: string;
  readonly tls: XmppConfig["tls"];
  readonly caCertificate?: string;
  readonly connectTimeoutMs: number;
}

/** Longest answer to STARTTLS that is read before TLS is on. */
const maximumPlainLength = 16_384;
const endGraceMs = 1_000;

/**
 * The socket below the XMPP library, with what the library's own lacks: STARTTLS is done here and never skipped (the
 * library goes on in the clear when the server offers none), the certificate may be the owner's own authority's, a
 * character that is cut by a packet border stays whole, and a peer that does not close is dropped.
 */
export class XmppSocket extends EventEmitter {
  secure = false;
  readonly #options: XmppSocketOptions;
  #socket: net.Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  readonly #decoder = new StringDecoder("utf8");

  constructor(options: XmppSocketOptions) {
    super();
    this.#options = options;
  }

  connect(parameters: { host: string; port: number }): void {
    const { connectTimeoutMs } = this.#options;
    this.#timer = setTimeout(
      () => this.#fail("connect-timeout", `no connection within ${connectTimeoutMs} ms`),
      connectTimeoutMs,
    );
    if (this.#options.tls === "direct") {
      this.#useTls(tls.connect({ ...parameters, ...this.#trust(), ALPNProtocols: ["xmpp-client"] }));
      return;
    }
    const socket = net.connect(parameters);
    this.#watch(socket);
    socket.once("connect", () => (this.#options.tls === "none" ? this.#ready(socket) : this.#startTls(socket)));
  }

  write(text: string, callback: (error?: Error | null) => void): void {
    if (this.#socket === undefined || this.#isClosed)
      callback(new HearthError({ code: "closed", message: "the connection is closed" }));
    else this.#socket.write(text, callback);
  }

  end(): void {
    this.#socket?.end();
    // A peer that is gone never answers the end.
    this.#timer = setTimeout(() => this.destroy(), endGraceMs);
  }

  destroy(): void {
    this.#socket?.destroy();
    this.#close();
  }

  #trust() {
    const { domain, caCertificate } = this.#options;
    const authority = caCertificate === undefined ? {} : { ca: caCertificate };
    return { servername: domain, rejectUnauthorized: true, minVersion: "TLSv1.2" as const, ...authority };
  }

  #watch(socket: net.Socket): void {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("error", (error: NodeJS.ErrnoException) => this.#fail(error.code ?? "connection-failed", error.message));
    socket.on("close", () => this.#close());
  }

  /** The stream up to TLS: header, features, `starttls`, `proceed`. Nothing of it is trusted, only looked for. */
  #startTls(socket: net.Socket): void {
    const { domain } = this.#options;
    let text = "";
    let hasAsked = false;
    const onData = (data: Buffer): void => {
      text += data.toString("latin1");
      if (text.length > maximumPlainLength) {
        this.#fail("starttls-failed", "the server's greeting is too long");
      } else if (!hasAsked && /<\/(\w+:)?features>/.test(text)) {
        if (/<starttls\s/.test(text)) socket.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        else this.#fail("starttls-missing", `${domain} does not offer TLS`);
        hasAsked = true;
        text = "";
      } else if (hasAsked && /<proceed\s/.test(text)) {
        socket.removeListener("data", onData);
        this.#useTls(tls.connect({ socket, ...this.#trust() }));
      } else if (text.includes("<failure") || text.includes("<stream:error")) {
        this.#fail("starttls-failed", `${domain} refused TLS`);
      }
    };
    socket.on("data", onData);
    const to = domain.replace(/[<>&'"]/g, "");
    socket.write(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${to}' version='1.0'>`,
    );
  }

  #useTls(socket: tls.TLSSocket): void {
    this.#watch(socket);
    socket.once("secureConnect", () => {
      // Asked again although it was demanded: a run-time that let it pass must not go unnoticed.
      if (!socket.authorized) return this.#fail("certificate-not-trusted", "the server's certificate is not trusted");
      this.secure = true;
      this.#ready(socket);
    });
  }

  #ready(socket: net.Socket): void {
    clearTimeout(this.#timer);
    socket.on("data", (data: Buffer) => {
      const text = this.#decoder.write(data);
      if (text !== "") this.emit("data", text);
    });
    this.emit("connect");
  }

  #fail(code: string, message: string): void {
    if (this.#isClosed) return;
    // Before the library listens and after it has let go, the close alone says it.
    if (this.listenerCount("error") > 0) this.emit("error", new HearthError({ code, message }));
    this.destroy();
  }

  #close(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit("close", false);
  }
}

// SPDX-License-Identifier: AGPL-3.0-only
// The part of @xmpp/client 0.14.0 (which has no types of its own) that the adapter uses.
declare module "@xmpp/client" {
  import type { EventEmitter } from "node:events";

  export interface XmlElement {
    readonly name: string;
    readonly attrs: Record<string, string | undefined>;
    readonly children: readonly (XmlElement | string)[];
    is(name: string, namespace?: string): boolean;
    getNS(): string | undefined;
    getChild(name: string, namespace?: string): XmlElement | undefined;
    getChildren(name: string, namespace?: string): XmlElement[];
    getChildText(name: string, namespace?: string): string | null;
    getChildElements(): XmlElement[];
    text(): string;
    toString(): string;
  }

  type XmlChild = XmlElement | string | undefined | null | false;

  export interface XmlParser extends EventEmitter {
    write(text: string): void;
  }

  export const xml: {
    (
      name: string,
      attributes?: Record<string, string | undefined> | string | null,
      ...children: XmlChild[]
    ): XmlElement;
    readonly Parser: new () => XmlParser;
  };

  export interface StreamManagement extends EventEmitter {
    enabled: boolean;
    id: string;
    inbound: number;
    readonly outbound_q: readonly { readonly stanza: XmlElement }[];
    timeout: number;
    requestAckInterval: number;
    requestAckDebounce: number;
  }

  /** A type only: the library does not export its transports. */
  abstract class XmppTransport {
    Socket: unknown;
    socketParameters(service: string): unknown;
  }

  export interface XmppSocket {
    destroy(): void;
  }

  export interface XmppClient extends EventEmitter {
    status: string;
    jid: { toString(): string } | null;
    socket: XmppSocket | null;
    timeout: number;
    transports: (typeof XmppTransport)[];
    readonly reconnect: { stop(): void };
    readonly streamManagement: StreamManagement;
    readonly iqCaller: { request(stanza: XmlElement, timeoutMs?: number): Promise<XmlElement> };
    _onData(data: unknown): void;
    isSecure(): boolean;
    connect(service: string): Promise<void>;
    open(options: { domain: string; lang?: string }): Promise<XmlElement>;
    send(element: XmlElement): Promise<void>;
    disconnect(): Promise<unknown>;
    stop(): Promise<unknown>;
  }

  export type Authenticate = (
    credentials: { username: string; password: string },
    mechanism: string,
    userAgent?: XmlElement,
  ) => Promise<void>;

  export interface ClientOptions {
    readonly service: string;
    readonly domain: string;
    readonly resource: string;
    readonly username: string;
    readonly timeout?: number;
    readonly credentials: (
      authenticate: Authenticate,
      mechanisms: readonly string[],
      fast: unknown,
      entity: XmppClient,
    ) => Promise<void>;
  }

  export function client(options: ClientOptions): XmppClient;
}

// SPDX-License-Identifier: AGPL-3.0-only
export type * from "./api-services.ts";
export type * from "./api-types.ts";
export {
  addKnowledgeRequestSchema,
  approvePairingRequestSchema,
  createApiKeyRequestSchema,
  createChannelRequestSchema,
  createLinkRequestSchema,
  createPersonRequestSchema,
  denyPairingRequestSchema,
  modelRequestSchema,
  signInRequestSchema,
  updateChannelRequestSchema,
  updatePersonRequestSchema,
  updateSettingsRequestSchema,
} from "./api-types.ts";
export type { Caller, CallerPerson } from "./caller.ts";
export type { HttpAppDeps, HttpAppOptions } from "./create-http-app.ts";
export { createHttpApp } from "./create-http-app.ts";
export type { HttpConnection, HttpEnvironment } from "./http-environment.ts";
export type { HostPolicy } from "./security/host-policy.ts";
export type { ChatConnection, ChatSocket, OpenChat } from "./server/chat-socket.ts";
export type { HandleRequest, HttpServer, HttpServerDeps, HttpServerOptions } from "./server/create-http-server.ts";
export { createHttpServer } from "./server/create-http-server.ts";
export type { ListenAddress } from "./server/parse-listen-address.ts";
export { parseListenAddress } from "./server/parse-listen-address.ts";

// SPDX-License-Identifier: AGPL-3.0-only
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Clock } from "../../../../shared/clock/index.ts";
import type { RateLimiter } from "../../../gateway/rate-limit/index.ts";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { mountActivityRoutes } from "./activity-routes.ts";
import { mountChannelRoutes } from "./channel-routes.ts";
import { mountChatSocketRoute } from "./chat-socket-route.ts";
import { mountConversationRoutes } from "./conversation-routes.ts";
import { mountKeyRoutes } from "./key-routes.ts";
import { mountKnowledgeRoutes } from "./knowledge-routes.ts";
import { mountModelRoutes } from "./model-routes.ts";
import { mountOpenApiDocument } from "./openapi-document.ts";
import { mountOperationRoutes } from "./operation-routes.ts";
import { mountPairingRoutes } from "./pairing-routes.ts";
import { mountPeopleRoutes } from "./people-routes.ts";
import { mountSessionRoutes } from "./session-routes.ts";
import { mountSystemRoutes } from "./system-routes.ts";

/** What `/api` needs besides its services. */
export interface ApiRoutesOptions {
  readonly clock: Clock;
  readonly version: string;
  /** Where browsers reach the box, without a slash at the end. */
  readonly baseUrl: () => string;
  /** Counts wrong sign-in links by the socket's address. */
  readonly failedAttempts: RateLimiter;
}

/** Everything under `/api`. */
export function mountApiRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  services: ApiServices,
  options: ApiRoutesOptions,
): void {
  const { clock, version } = options;
  mountSessionRoutes(app, services, options);
  mountSystemRoutes(app, services);
  mountChannelRoutes(app, services);
  mountPeopleRoutes(app, services);
  mountPairingRoutes(app, services);
  mountKeyRoutes(app, services, clock);
  mountModelRoutes(app, services);
  mountKnowledgeRoutes(app, services);
  mountConversationRoutes(app, services);
  mountActivityRoutes(app, services, clock);
  mountOperationRoutes(app, services);
  mountChatSocketRoute(app);
  mountOpenApiDocument(app, version);
}

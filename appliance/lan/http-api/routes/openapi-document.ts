// SPDX-License-Identifier: AGPL-3.0-only
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { HttpEnvironment } from "../http-environment.ts";
import { describeFailures } from "./describe-failures.ts";
import { needsSignIn } from "./route-parts.ts";

const description = [
  "The API of the box; its console is the first client.",
  "A browser signs in with a one-time link and sends the session's csrfToken as X-Hearth-Csrf with every write.",
  "A program sends a key: Authorization: Bearer hk_…. The control socket in the data folder is the owner's.",
].join(" ");

/** `GET /api/openapi.json`, made from the routes themselves, at the first request. */
export function mountOpenApiDocument(app: OpenAPIHono<HttpEnvironment>, version: string): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "hearth_session",
  });
  let document: object | undefined;
  app.get("/api/openapi.json", needsSignIn(), (context) => {
    document ??= describe();
    return context.json(document);
  });
  function describe(): object {
    const described = app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Hearth box API",
        version,
        description,
        license: { name: "AGPL-3.0-only", url: "https://spdx.org/licenses/AGPL-3.0-only.html" },
      },
      servers: [{ url: "/" }],
      security: [{ key: [] }, { session: [] }],
    });
    describeFailures(described);
    return described;
  }
}

// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import {
  doctorReportSchema,
  logListSchema,
  logQuerySchema,
  settingsSchema,
  updateSettingsRequestSchema,
} from "../schemas/operations.ts";
import { statusSchema } from "../schemas/status.ts";
import { answers, callerOf, jsonBody, needs } from "./route-parts.ts";

const readStatus = createRoute({
  operationId: "readStatus",
  method: "get",
  path: "/api/status",
  summary: "Is the box well, and what needs somebody",
  middleware: needs("status.read"),
  responses: answers(statusSchema, "The state now"),
});
const readSettings = createRoute({
  operationId: "readSettings",
  method: "get",
  path: "/api/settings",
  summary: "The settings",
  middleware: needs("settings.read"),
  responses: answers(settingsSchema, "The settings"),
});
const updateSettings = createRoute({
  operationId: "updateSettings",
  method: "put",
  path: "/api/settings",
  summary: "Change settings; what is not named stays",
  middleware: needs("settings.change"),
  request: { body: jsonBody(updateSettingsRequestSchema) },
  responses: answers(settingsSchema, "The settings as they are now"),
});
const runDoctor = createRoute({
  operationId: "runDoctor",
  method: "get",
  path: "/api/doctor",
  summary: "Check the box: what was found, what it means, what to do",
  middleware: needs("status.read"),
  responses: answers(doctorReportSchema, "All checks"),
});
const readLogs = createRoute({
  operationId: "readLogs",
  method: "get",
  path: "/api/logs",
  summary: "The latest lines of the log",
  middleware: needs("logs.read"),
  request: { query: logQuerySchema },
  responses: answers(logListSchema, "Oldest first; no message text and no secret is in them"),
});

/** Status, settings, doctor and logs. */
export function mountSystemRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { status, settings, doctor, logs }: Pick<ApiServices, "status" | "settings" | "doctor" | "logs">,
): void {
  app.openapi(readStatus, async (context) => context.json(await status.read(), 200));
  app.openapi(readSettings, async (context) => context.json(await settings.read(), 200));
  app.openapi(updateSettings, async (context) =>
    context.json(await settings.update(context.req.valid("json"), callerOf(context).actor), 200),
  );
  app.openapi(runDoctor, async (context) => context.json(await doctor.run(context.req.raw.signal), 200));
  app.openapi(readLogs, async (context) => {
    const { after, limit } = context.req.valid("query");
    return context.json(await logs.read(after, limit), 200);
  });
}

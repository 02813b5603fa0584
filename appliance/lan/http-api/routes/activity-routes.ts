// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Clock } from "../../../../shared/clock/index.ts";
import { sseResponse } from "../../openai-api/index.ts";
import type { ActivityService, ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { type ActivityPoint, activitySchema } from "../schemas/status.ts";
import { answers, needs } from "./route-parts.ts";

const readActivity = createRoute({
  operationId: "readActivity",
  method: "get",
  path: "/api/activity",
  summary: "What the box did in the last 15 minutes",
  middleware: needs("status.read"),
  responses: answers(activitySchema, "One point every two seconds, oldest first"),
});

/** More points than this are not kept for a reader who does not read. */
const maxWaitingPoints = 30;

/** The activity ring, whole and as a stream. */
export function mountActivityRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { activity }: Pick<ApiServices, "activity">,
  clock: Clock,
): void {
  app.openapi(readActivity, (context) => context.json(activity.read(), 200));
  app.get("/api/activity/stream", needs("status.read"), (context) => {
    const abort = new AbortController();
    const leave = (): void => abort.abort();
    for (const signal of [context.req.raw.signal, context.env.stopping]) {
      signal?.addEventListener("abort", leave, { once: true });
    }
    return sseResponse(pointFrames(activity, abort.signal), {
      clock,
      isQuiet: true,
      heartbeatMs: 15_000,
      stallMs: 120_000,
      onClosed() {
        leave();
        context.env.release?.();
      },
    });
  });
}

async function* pointFrames(activity: ActivityService, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: ActivityPoint[] = [];
  let wake = (): void => undefined;
  const unsubscribe = activity.subscribe((point) => {
    waiting.push(point);
    if (waiting.length > maxWaitingPoints) waiting.shift();
    wake();
  });
  const isAborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  try {
    while (!signal.aborted) {
      const point = waiting.shift();
      if (point !== undefined) {
        yield `event: point\ndata: ${JSON.stringify(point)}\n\n`;
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await Promise.race([promise, isAborted]);
    }
  } finally {
    unsubscribe();
  }
}

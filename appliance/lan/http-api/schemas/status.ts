// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { timeMsSchema } from "./common.ts";

export const engineStatusSchema = z
  .object({
    backend: z.enum(["builtin", "openai"]),
    state: z.enum(["starting", "ready", "restarting", "down"]),
    problem: z.string().optional(),
    model: z.string().optional(),
    runningSequences: z.number(),
    queuedRequests: z.number(),
    maxSequences: z.number(),
    threads: z.number().optional(),
    restarts: z.number(),
    decodeTokensPerSecond: z.number(),
    prefillTokensPerSecond: z.number(),
    memoryBytes: z.number(),
    processId: z.number().optional(),
  })
  .openapi("EngineStatus");

/** `GET /api/status`: is it well, and what needs somebody. */
export const statusSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    startedMs: timeMsSchema,
    nowMs: timeMsSchema,
    /** Whether a turn can be answered now, as `/readyz`. */
    isReady: z.boolean(),
    problem: z.string().optional(),
    /** False when a CLI command works on the data folder of a box that is not running. */
    isRunning: z.boolean(),
    home: z.string(),
    /** Where the box can be reached. */
    addresses: z.array(z.string()),
    engine: engineStatusSchema,
    /** Resident bytes of the main process. */
    memoryBytes: z.number(),
    channels: z.object({ total: z.number(), online: z.number(), failing: z.number() }),
    people: z.number(),
    pendingPairings: z.number(),
    queues: z.object({
      inboxWaiting: z.number(),
      outboxWaiting: z.number(),
      deadLetters: z.number(),
      unknown: z.number(),
    }),
  })
  .openapi("Status");
export type Status = z.infer<typeof statusSchema>;

/** One point of the activity ring; a value nobody measured in its two seconds is null. */
export const activityPointSchema = z
  .object({
    atMs: timeMsSchema,
    decodeTokensPerSecond: z.number(),
    prefillTokensPerSecond: z.number(),
    timeToFirstTokenP50Ms: z.number().nullable(),
    timeToFirstTokenP95Ms: z.number().nullable(),
    queued: z.number(),
    running: z.number(),
    memoryBytes: z.number(),
    engineMemoryBytes: z.number(),
  })
  .openapi("ActivityPoint");
export type ActivityPoint = z.infer<typeof activityPointSchema>;

/** The last 15 minutes, oldest first. `GET /api/activity/stream` sends each new point as an SSE event `point`. */
export const activitySchema = z
  .object({ resolutionMs: z.number(), points: z.array(activityPointSchema) })
  .openapi("Activity");
export type Activity = z.infer<typeof activitySchema>;

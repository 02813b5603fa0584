// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { localizedTextSchema, timeMsSchema } from "./common.ts";

/** One word of the gateway on one message, with the rule that decided. */
export const decisionSchema = z
  .object({
    atMs: timeMsSchema,
    channel: z.string(),
    /** Who, as a person's name or the address on the channel. */
    sender: z.string(),
    isAllowed: z.boolean(),
    reason: z.string(),
    explanation: z.string(),
    findings: z.array(z.string()),
  })
  .openapi("Decision");
export type Decision = z.infer<typeof decisionSchema>;

export const decisionListSchema = z.object({ decisions: z.array(decisionSchema) }).openapi("DecisionList");
export type DecisionList = z.infer<typeof decisionListSchema>;

export const deadLetterSchema = z
  .object({
    id: z.string(),
    direction: z.enum(["in", "out"]),
    channel: z.string(),
    attempts: z.number().int().nonnegative(),
    code: z.string(),
    message: z.string(),
    atMs: timeMsSchema,
  })
  .openapi("DeadLetter");
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export const queuesSchema = z
  .object({
    inbox: z.object({ waiting: z.number(), answering: z.number(), oldestMs: timeMsSchema.nullable() }),
    outbox: z.object({ waiting: z.number(), sending: z.number(), retrying: z.number(), unknown: z.number() }),
    dead: z.array(deadLetterSchema),
  })
  .openapi("Queues");
export type Queues = z.infer<typeof queuesSchema>;

export const auditEntrySchema = z
  .object({
    sequence: z.number().int(),
    atMs: timeMsSchema,
    actor: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .openapi("AuditEntry");
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditListSchema = z
  .object({ entries: z.array(auditEntrySchema), next: z.string().nullable() })
  .openapi("AuditList");
export type AuditList = z.infer<typeof auditListSchema>;

export const auditVerificationSchema = z
  .object({
    isIntact: z.boolean(),
    entries: z.number().int(),
    /** Sequence number of the first entry that does not fit. */
    brokenAt: z.number().int().optional(),
    problem: z.string().optional(),
  })
  .openapi("AuditVerification");
export type AuditVerification = z.infer<typeof auditVerificationSchema>;

export const settingsSchema = z
  .object({
    /** Shown in the console and announced on the network. */
    boxName: z.string().trim().min(1).max(64),
    language: z.enum(["en", "zh"]),
    /** Host names, besides the loopback ones and the listen address, under which the box may be called. */
    allowedHosts: z.array(z.string().regex(/^[a-z0-9.-]{1,253}$/)).max(32),
  })
  .openapi("Settings");
export type Settings = z.infer<typeof settingsSchema>;

/** `PUT /api/settings`: absent fields stay. */
export const updateSettingsRequestSchema = settingsSchema.partial().strict().openapi("UpdateSettingsRequest");
export type UpdateSettingsRequest = z.infer<typeof updateSettingsRequestSchema>;

/** check → issue → suggested fix. */
export const doctorCheckSchema = z
  .object({
    id: z.string(),
    status: z.enum(["ok", "warn", "fail"]),
    /** What was found, with the values. */
    what: localizedTextSchema,
    /** What it means. */
    why: localizedTextSchema.optional(),
    /** What to do next. */
    fix: localizedTextSchema.optional(),
  })
  .openapi("DoctorCheck");
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

export const doctorReportSchema = z
  .object({ status: z.enum(["ok", "warn", "fail"]), checks: z.array(doctorCheckSchema) })
  .openapi("DoctorReport");
export type DoctorReport = z.infer<typeof doctorReportSchema>;

export const logLineSchema = z
  .object({
    sequence: z.number().int().nonnegative(),
    atMs: timeMsSchema,
    level: z.enum(["debug", "info", "warn", "error"]),
    module: z.string(),
    event: z.string(),
    fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .openapi("LogLine");
export type LogLine = z.infer<typeof logLineSchema>;

export const logListSchema = z
  .object({
    lines: z.array(logLineSchema),
    /** Give it as `after` to get what comes later. */
    next: z.number().int().nonnegative(),
  })
  .openapi("LogList");
export type LogList = z.infer<typeof logListSchema>;

export const logQuerySchema = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

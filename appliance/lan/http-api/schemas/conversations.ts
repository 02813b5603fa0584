// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { timeMsSchema } from "./common.ts";

export const conversationSchema = z
  .object({
    id: z.string(),
    channel: z.string(),
    personId: z.string().nullable(),
    personName: z.string().nullable(),
    lastMessageMs: timeMsSchema,
    messageCount: z.number().int().nonnegative(),
    /** A turn is running now. */
    isAnswering: z.boolean(),
  })
  .openapi("Conversation");
export type Conversation = z.infer<typeof conversationSchema>;

export const conversationListSchema = z
  .object({ conversations: z.array(conversationSchema), next: z.string().nullable() })
  .openapi("ConversationList");
export type ConversationList = z.infer<typeof conversationListSchema>;

/** One message with its fate: `state` of an inbound one, `delivery` of a reply. */
export const conversationMessageSchema = z
  .object({
    id: z.string(),
    direction: z.enum(["in", "out"]),
    text: z.string(),
    atMs: timeMsSchema,
    state: z.enum(["waiting", "answering", "answered", "refused", "failed"]).optional(),
    delivery: z.enum(["waiting", "sending", "sent", "delivered", "read", "retrying", "unknown", "failed"]).optional(),
    sources: z.array(z.string()).optional(),
    promptTokens: z.number().optional(),
    cachedTokens: z.number().optional(),
    completionTokens: z.number().optional(),
  })
  .openapi("ConversationMessage");
export type ConversationMessage = z.infer<typeof conversationMessageSchema>;

export const conversationDetailSchema = z
  .object({
    conversation: conversationSchema,
    messages: z.array(conversationMessageSchema),
    next: z.string().nullable(),
  })
  .openapi("ConversationDetail");
export type ConversationDetail = z.infer<typeof conversationDetailSchema>;

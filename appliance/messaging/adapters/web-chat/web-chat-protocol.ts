// SPDX-License-Identifier: AGPL-3.0-only

// The protocol of the web chat, JSON text frames over one WebSocket a browser tab.
//
// A client sends `resume` for each conversation it shows, with the highest sequence it has (0 for none), and gets every
// later message, then what happens from then on. After a reconnect it does the same; messages have a number in their
// conversation, so nothing is missed and nothing comes twice. A message that is sent again with the same `id` (because
// the answer was lost with the connection) is accepted again and taken once.
import { z } from "zod";

const conversationSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
/** The client's own id of a message, unique in its conversation, such as a UUID. */
const clientIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** What a browser may send. */
export const webChatClientMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("send"),
    id: clientIdSchema,
    conversation: conversationSchema,
    text: z.string().max(262_144),
    /** BCP 47: the language of the page. */
    language: z.string().max(35).exactOptional(),
  }),
  z.strictObject({
    type: z.literal("resume"),
    conversation: conversationSchema,
    /** The highest sequence that the client has; 0 for none, and then only the newest messages come. */
    afterSequence: z.number().int().nonnegative(),
  }),
  z.strictObject({
    type: z.literal("history"),
    conversation: conversationSchema,
    /** Asks for the messages before this one, newest last. */
    beforeSequence: z.number().int().positive(),
  }),
  /** Stops every answer of the conversation. */
  z.strictObject({ type: z.literal("stop"), conversation: conversationSchema }),
  z.strictObject({ type: z.literal("typing"), conversation: conversationSchema, isTyping: z.boolean() }),
  z.strictObject({ type: z.literal("conversations") }),
  z.strictObject({ type: z.literal("ping") }),
]);
export type WebChatClientMessage = z.infer<typeof webChatClientMessageSchema>;

/** One stored message of a conversation. */
export const webChatStoredMessageSchema = z.object({
  conversation: z.string(),
  /** 1, 2, 3 … in its conversation. */
  sequence: z.number().int().positive(),
  direction: z.enum(["in", "out"]),
  /** Of a message of the person: the client's id. Of an answer: the box's own. */
  id: z.string(),
  text: z.string(),
  /** Of an answer: the client's id of the message it answers. */
  replyTo: z.string().exactOptional(),
  atMs: z.number(),
});
export type WebChatStoredMessage = z.infer<typeof webChatStoredMessageSchema>;

/** A conversation in the list. */
export const webChatConversationSchema = z.object({
  conversation: z.string(),
  /** The beginning of its first message. */
  title: z.string(),
  lastSequence: z.number().int(),
  updatedMs: z.number(),
});
export type WebChatConversation = z.infer<typeof webChatConversationSchema>;

const turnOf = {
  conversation: z.string(),
  /** The client's id of the message that is answered. */ replyTo: z.string(),
};

/** What the box sends. */
export const webChatServerMessageSchema = z.discriminatedUnion("type", [
  /** The message `id` is durable. */
  z.object({ type: z.literal("accepted"), conversation: z.string(), id: z.string(), sequence: z.number().int() }),
  /** A stored message, in the order of its sequence. */
  z.object({ type: z.literal("message"), message: webChatStoredMessageSchema }),
  /** All messages up to `lastSequence` were sent; with `firstSequence` above 1 there are older ones. */
  z.object({
    type: z.literal("resumed"),
    conversation: z.string(),
    firstSequence: z.number().int(),
    lastSequence: z.number().int(),
  }),
  z.object({
    type: z.literal("history"),
    conversation: z.string(),
    messages: z.array(webChatStoredMessageSchema),
    hasEarlier: z.boolean(),
  }),
  z.object({ type: z.literal("turn-queued"), ...turnOf, position: z.number(), predictedWaitMs: z.number() }),
  /** The answer begins, or begins anew: text so far is dropped. */
  z.object({ type: z.literal("turn-started"), ...turnOf }),
  /** `text` belongs at UTF-16 offset `offset` of the answer so far. */
  z.object({ type: z.literal("delta"), ...turnOf, offset: z.number().int().nonnegative(), text: z.string() }),
  /** The live view is over; the answer itself comes as `message`. */
  z.object({
    type: z.literal("turn-ended"),
    ...turnOf,
    reason: z.enum(["stop", "length", "cancelled", "command", "failed"]),
    /** Headings of the knowledge that was shown to the model. */
    sources: z.array(z.string()),
  }),
  /** The gateway did not take the message. A reply, if there is one, comes as `message`. */
  z.object({ type: z.literal("refused"), ...turnOf, reason: z.string(), retryAfterMs: z.number().exactOptional() }),
  /** Another tab of the same person is being typed in. */
  z.object({ type: z.literal("typing"), conversation: z.string(), isTyping: z.boolean() }),
  z.object({ type: z.literal("conversations"), conversations: z.array(webChatConversationSchema) }),
  /** Something the client sent was not taken; `id` says which message, if it was one. */
  z.object({
    type: z.literal("error"),
    code: z.enum(["invalid-message", "too-large", "too-fast", "too-many-tabs", "not-taken"]),
    message: z.string(),
    id: z.string().exactOptional(),
    retryAfterMs: z.number().exactOptional(),
  }),
  z.object({ type: z.literal("pong") }),
]);
export type WebChatServerMessage = z.infer<typeof webChatServerMessageSchema>;

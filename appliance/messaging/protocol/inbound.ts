// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";

/** Longest text that is taken from a channel, in UTF-16 units; what is longer is refused by the gateway, not cut. */
export const maxInboundTextLength = 32_768;

/** An event as an adapter decoded it. Hostile until the gateway has seen it. */
export const inboundEventSchema = z.object({
  /** Stable over redelivery: the key for finding duplicates. */
  eventId: z.string().min(1).max(512),
  /** Order is kept inside a lane only; usually the conversation. */
  lane: z.string().min(1).max(512),
  conversation: z.string().min(1).max(512),
  isGroup: z.boolean(),
  sender: z.object({
    address: z.string().min(1).max(512),
    displayName: z.string().max(256).optional(),
    /** Whether the channel vouches for the address. */
    isVerified: z.boolean(),
  }),
  kind: z.literal("message"),
  /** Half surrogate pairs, which JSON can carry and UTF-8 cannot, become U+FFFD. */
  text: z
    .string()
    .max(1_048_576)
    .overwrite((text) => text.toWellFormed()),
  /** The channel's id of this message, to reply to. */
  messageId: z.string().max(512).optional(),
  /** When it was sent, by the channel's clock, milliseconds since the epoch. */
  sentMs: z.number().int().nonnegative(),
  /** BCP 47, if the channel says one. */
  language: z.string().max(35).optional(),
});

export type InboundEvent = z.infer<typeof inboundEventSchema>;

// SPDX-License-Identifier: AGPL-3.0-only

/** A limit as data: `perPeriod` events a period on average, and up to `burst` at once. */
export interface Limit {
  readonly perPeriod: number;
  readonly periodMs: number;
  readonly burst: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * What a box for a family or a small company needs, with room: no person comes near these, a webhook behind which a whole
 * system stands does at times, and a flood is held. An owner may set others.
 */
export const defaultLimits = {
  /** Messages of one guest: somebody who may talk only because the channel is open to anyone. */
  guest: { perPeriod: 20, periodMs: minuteMs, burst: 20 },
  /** Messages of one sender of a channel outside the box who is known, or asks to be let in. */
  sender: { perPeriod: 120, periodMs: minuteMs, burst: 200 },
  /** Messages in one conversation. */
  chat: { perPeriod: 240, periodMs: minuteMs, burst: 300 },
  /** Messages of one channel, all senders together. */
  channel: { perPeriod: 6000, periodMs: minuteMs, burst: 2000 },
  /** Messages of a person who has proved who they are (web chat, API). */
  authenticated: { perPeriod: 12_000, periodMs: minuteMs, burst: 2000 },
  /** Requests with one API key. */
  key: { perPeriod: 12_000, periodMs: minuteMs, burst: 2000 },
  /** Messages of senders nobody knows, a channel; each costs work and may cost an answer. */
  stranger: { perPeriod: 3000, periodMs: hourMs, burst: 400 },
  /** Answers to strangers, a channel: the box must not become an echo for spam. */
  strangerReply: { perPeriod: 30, periodMs: hourMs, burst: 10 },
  /** New guests, a channel with the policy `anyone`. */
  newGuest: { perPeriod: 1500, periodMs: hourMs, burst: 300 },
  /** "Too many messages" answers to one known sender. */
  limitReply: { perPeriod: 1, periodMs: minuteMs, burst: 1 },
  /** Failed sign-ins and wrong keys, a socket address. */
  signIn: { perPeriod: 20, periodMs: minuteMs, burst: 20 },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof defaultLimits;

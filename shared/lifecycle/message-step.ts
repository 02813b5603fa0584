// SPDX-License-Identifier: AGPL-3.0-only

/**
 * The numbered steps of a message's way through the box, in order. Fault tests kill the process at each of them and
 * check afterwards that nothing was lost and nothing doubled.
 */
export const messageSteps = [
  "01-event-decoded",
  "02-admit-begun",
  "03-inbox-committed",
  "04-upstream-acknowledged",
  "05-gateway-decided",
  "06-turn-written",
  "07-generation-begun",
  "08-first-delta",
  "09-generation-ended",
  "10-reply-committed",
  "11-send-begun",
  "12-send-answered",
  "13-send-recorded",
] as const;

export type MessageStep = (typeof messageSteps)[number];

/** Called as a message passes a step. In production it does nothing; a fault test makes it kill the process. */
export type StepObserver = (step: MessageStep) => void;

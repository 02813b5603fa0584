// SPDX-License-Identifier: AGPL-3.0-only

/** What every object of one answer repeats. */
export interface AnswerHead {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  /** The name the client asked for, until the engine says which model answers. */
  readonly model: string;
}

/** One frame of a stream of server-sent events. */
export function dataFrame(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** Ends a stream of the two older calls. */
export const doneFrame = "data: [DONE]\n\n";

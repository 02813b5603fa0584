// SPDX-License-Identifier: AGPL-3.0-only

const marker = Symbol.for("hearth.error");

/** What a {@link HearthError} is made of. */
export interface HearthErrorOptions<Code extends string = string> {
  /** Stable, kebab-case, from the closed union of the module that throws. */
  readonly code: Code;
  /** What happened and what it means, with the values, for an operator. */
  readonly message: string;
  /** What the operator can do next, as one sentence. */
  readonly remedy?: string;
  /** Structured values for logs and `--json`; never a secret and never message text. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class of Hearth. Tell it apart with {@link isHearthError}, never with `instanceof`:
 * a plugin may carry its own copy of this file.
 */
export class HearthError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [marker] = true;

  constructor(options: HearthErrorOptions<Code>) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "HearthError";
    this.code = options.code;
    this.remedy = options.remedy;
    this.details = options.details ?? {};
  }
}

/** Whether a thrown value is a {@link HearthError}, from whichever copy of this module. */
export function isHearthError(value: unknown): value is HearthError {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
}

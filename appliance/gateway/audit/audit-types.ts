// SPDX-License-Identifier: AGPL-3.0-only

/** What is to be written down, before it is done. */
export interface AuditEvent {
  /** Who: a person id, a key id, `control-socket` or `system`. */
  readonly actor: string;
  /** What, noun-verb in kebab case, such as `person-created`. */
  readonly action: string;
  /** To what: an id or a name that is not personal; "" for the box itself. */
  readonly target: string;
  /** Values, sealed at rest. Never a secret and never message text. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An entry of the log, opened. */
export interface AuditEntry extends AuditEvent {
  /** 1, 2, 3 … without a gap. */
  readonly number: number;
  readonly atMs: number;
  readonly details: Readonly<Record<string, unknown>>;
  /** Hex. */
  readonly hash: string;
}

export type AuditProblem =
  | "entry-changed"
  | "entry-forged"
  | "entry-missing"
  | "entries-cut-off"
  | "head-changed"
  | "head-missing"
  | "key-changed"
  | "log-restarted";

export type AuditVerification =
  | { readonly isIntact: true; readonly entries: number; readonly headHash: string }
  | {
      readonly isIntact: false;
      /** How many entries stand in the database. */
      readonly entries: number;
      readonly problem: AuditProblem;
      /** The first entry that is not as it was written. */
      readonly brokenAt: number;
      /** For an operator, with the values. */
      readonly explanation: string;
    };

/** The append-only log of what was done to the box. */
export interface Audit {
  /**
   * Writes an entry. Call it before the effect, and in the same transaction, so that there is neither an effect without
   * an entry nor the other way round.
   */
  append(event: AuditEvent): void;
  /** Entries from the newest back; `before` is the number to go on from. */
  list(page: { readonly limit: number; readonly before?: number }): readonly AuditEntry[];
  /** Looks at every entry and at the head. */
  verify(): AuditVerification;
  /** JSON Lines: each entry with its sealed bytes, hashes and signature, and last the signed head. */
  exportLines(): Iterable<string>;
}

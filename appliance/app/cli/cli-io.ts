// SPDX-License-Identifier: AGPL-3.0-only

/** The command line's world: what it reads and where it writes. */
export interface CliIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Whether a person looks at standard output: then there is colour and progress, in a pipe there is neither. */
  readonly isTerminal: boolean;
  write(text: string): void;
  writeError(text: string): void;
  /** Reads one line, hidden for secrets; undefined where nobody can answer. */
  ask(question: string): Promise<string | undefined>;
  /** Everything on standard input, for `-` arguments; at most `maxBytes`. */
  readInput(maxBytes: number): Promise<string>;
}

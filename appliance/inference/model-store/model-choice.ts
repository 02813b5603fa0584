// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

/** Which model the box uses, kept in a file. */
export interface ModelChoice {
  /** An id or path; `fallback` when nothing was chosen. */
  read(): string;
  write(model: string): void;
}

const choiceSchema = z.object({ model: z.string().min(1) });

/** The choice kept at `path`. */
export function createModelChoice(path: string, fallback: string): ModelChoice {
  return {
    read() {
      if (!existsSync(path)) return fallback;
      try {
        return choiceSchema.parse(JSON.parse(readFileSync(path, "utf8"))).model;
      } catch {
        // A damaged choice is no reason not to start: the guide answers, and the next `model use` writes a new one.
        return fallback;
      }
    },
    write(model) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, `${JSON.stringify({ model })}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

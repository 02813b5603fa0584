// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../../shared/errors/index.ts";
import { detectLanguage } from "../detect-language.ts";
import { knowledgeError } from "./knowledge-error.ts";
import type { FoundFile, KnowledgeFiles, SkippedFile } from "./knowledge-files.ts";
import type { KnowledgeLimits } from "./limits.ts";
import type { DocumentDraft, SourceStore } from "./source-store.ts";
import { splitDocument } from "./split-document.ts";

/** What taking in documents needs. */
export interface TakeInDeps {
  readonly store: SourceStore;
  readonly files: KnowledgeFiles;
  readonly limits: KnowledgeLimits;
}

/** What a scan of a source changed. */
export interface ScanResult {
  readonly changed: number;
  readonly removed: number;
  readonly skipped: readonly SkippedFile[];
}

/** Takes a document apart. @throws HearthError with a code of {@link knowledgeError}'s union. */
export function draftOf(name: string, bytes: Uint8Array, { store, limits }: TakeInDeps): DocumentDraft {
  const pieces = splitDocument(name, bytes).map((piece) => ({
    ...piece,
    language: detectLanguage(`${piece.heading} ${piece.text}`),
  }));
  if (pieces.length > limits.maxPassagesPerDocument || store.passageCount() + pieces.length > limits.maxPassages) {
    const message = `the file makes ${pieces.length} passages; ${limits.maxPassagesPerDocument} a file and ${limits.maxPassages} in all are taken`;
    throw knowledgeError(
      "knowledge-too-large",
      message,
      "Remove other documents, or leave out what nobody asks about.",
    );
  }
  return { name, bytes, pieces };
}

/**
 * Brings a source in line with the files it names: new and changed ones are stored, vanished ones removed, unchanged
 * ones (by a keyed hash of their content) left alone. A file that cannot be used is skipped with its reason, and what
 * was known of it before is removed.
 */
export async function scanFiles(
  source: string,
  found: readonly FoundFile[],
  deps: TakeInDeps,
  signal: AbortSignal,
): Promise<ScanResult> {
  const { store, files } = deps;
  const skipped: SkippedFile[] = [];
  const kept = new Set<string>();
  let changed = 0;
  for (const file of found) {
    if (signal.aborted) return { changed, removed: 0, skipped };
    try {
      const bytes = await files.read(file.path);
      if (!store.hasDocument(source, file.name, bytes)) {
        const draft = draftOf(file.name, bytes, deps);
        store.transaction(() => store.putDocument(source, draft));
        changed += 1;
      }
      kept.add(file.name);
    } catch (thrown) {
      skipped.push({ path: file.name, reason: toHearthError(thrown).message });
    }
  }
  const gone = store.documentNames(source).filter((name) => !kept.has(name));
  store.transaction(() => {
    for (const name of gone) store.removeDocument(source, name);
  });
  return { changed, removed: gone.length, skipped };
}

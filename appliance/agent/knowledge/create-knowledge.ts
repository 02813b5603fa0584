// SPDX-License-Identifier: AGPL-3.0-only
import { basename } from "node:path";
import type { Clock, Timer } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { Service } from "../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import { handbookPassages } from "./handbook.ts";
import type { KnowledgeAnswer, Passage, SearchOptions } from "./passage.ts";
import { createPassageIndex } from "./passage-index.ts";
import { knowledgeError } from "./sources/knowledge-error.ts";
import { createKnowledgeFiles, type KnowledgeFiles, type SkippedFile } from "./sources/knowledge-files.ts";
import { type KnowledgeLimits, knowledgeLimits } from "./sources/limits.ts";
import { refuseDataFolder } from "./sources/refuse-data-folder.ts";
import { createSourceStore, type SourceStoreDeps, type StoredSource } from "./sources/source-store.ts";
import { draftOf, type ScanResult, scanFiles, type TakeInDeps } from "./sources/take-in.ts";

/** A source of knowledge as the owner sees it. */
export interface KnowledgeSource extends Omit<StoredSource, "kind" | "path"> {
  readonly kind: StoredSource["kind"] | "handbook";
  readonly path?: string;
  /** The bundled handbook cannot be removed. */
  readonly isRemovable: boolean;
}

/** What was taken in. */
export interface AddedKnowledge {
  readonly source: KnowledgeSource;
  readonly skipped: readonly SkippedFile[];
}

/** For the audit log: what changed, without a word of its text. */
export interface KnowledgeChange {
  readonly action: "knowledge-added" | "knowledge-removed" | "knowledge-scanned";
  readonly sourceId: string;
  readonly passages: number;
}

/** What the knowledge module needs. */
export interface KnowledgeDeps extends SourceStoreDeps {
  readonly clock: Pick<Clock, "now" | "after">;
  readonly logger: Logger;
  /** Default: the real file system. */
  readonly files?: KnowledgeFiles;
  /** Called after each change. */
  readonly audit?: (change: KnowledgeChange) => void;
}

/** Settings of the knowledge module. */
export interface KnowledgeOptions {
  readonly limits?: KnowledgeLimits;
  /** The data folder of the box. It, what lies in it and what holds it is refused: keys must not become answers. */
  readonly dataFolder?: string;
  /** How often folders are looked through for changes; default 5 minutes. */
  readonly rescanMs?: number;
}

/** The handbook and what the owner added, searchable. As a service it keeps folders in step. */
export interface Knowledge extends Service {
  /** Works from the first moment on with the handbook, and with the owner's documents once `start` resolved. */
  search(question: string, options?: SearchOptions): KnowledgeAnswer;
  list(): readonly KnowledgeSource[];
  /**
   * Adds a text under a title; a text of the same title is replaced.
   * @throws HearthError with a `knowledge-…` code.
   */
  addText(title: string, text: string): AddedKnowledge;
  /**
   * Adds a file or a folder of the box; the same path again brings it up to date. Aborting leaves what was read by
   * then. @throws HearthError with a `knowledge-…` code; of a folder, single files are skipped instead.
   */
  addPath(path: string, signal: AbortSignal): Promise<AddedKnowledge>;
  /** @throws HearthError `knowledge-not-found` or `knowledge-handbook`. */
  remove(id: string): void;
  /** Looks through all files and folders again. */
  rescan(signal: AbortSignal): Promise<ScanResult>;
}

const defaultRescanMs = 5 * 60_000;
/** Passages are indexed so many at a time, with a pause between for everything else of the process. */
const indexSlice = 100;

/** Makes the knowledge of the box. The handbook is indexed at once; the owner's documents by `start`. */
export function createKnowledge(deps: KnowledgeDeps, options: KnowledgeOptions = {}): Knowledge {
  const { clock, logger } = deps;
  const limits = options.limits ?? knowledgeLimits;
  const store = createSourceStore(deps);
  const takeIn: TakeInDeps = { store, files: deps.files ?? createKnowledgeFiles(limits), limits };
  const handbook = handbookPassages();
  const index = createPassageIndex(handbook);
  /** Counts how often a source was indexed or removed, so that an older round in its pause does not add after a newer. */
  const rounds = new Map<string, number>();
  const stopped = new AbortController();
  let timer: Timer | undefined;
  let isLoaded = false;

  function unindex(source: string): number {
    const round = (rounds.get(source) ?? 0) + 1;
    rounds.set(source, round);
    index.removeSource(source);
    return round;
  }

  async function indexSource(source: string): Promise<void> {
    const passages = store.passages(source);
    const round = unindex(source);
    for (let from = 0; from < passages.length && rounds.get(source) === round; from += indexSlice) {
      index.add(passages.slice(from, from + indexSlice));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function describe(id: string): KnowledgeSource {
    const source = store.sources().find((each) => each.id === id);
    if (source === undefined) throw notFound(id);
    return publicSource(source);
  }

  function changed(action: KnowledgeChange["action"], sourceId: string, passages: number): void {
    logger.info(action, { source: sourceId, passages });
    deps.audit?.({ action, sourceId, passages });
  }

  async function scan(source: StoredSource, signal: AbortSignal): Promise<ScanResult> {
    await refuseDataFolder(source.path, options.dataFolder);
    const listed =
      source.kind === "folder"
        ? await takeIn.files.list(source.path)
        : { found: [{ name: basename(source.path), path: source.path }], skipped: [] };
    const result = await scanFiles(source.id, listed.found, takeIn, signal);
    if (result.changed + result.removed > 0) await indexSource(source.id);
    return { ...result, skipped: [...listed.skipped, ...result.skipped] };
  }

  async function rescan(signal: AbortSignal): Promise<ScanResult> {
    let total: ScanResult = { changed: 0, removed: 0, skipped: [] };
    for (const source of store.sources()) {
      if (source.kind === "text" || signal.aborted) continue;
      try {
        const { changed: renewed, removed, skipped } = await scan(source, signal);
        if (renewed + removed > 0) changed("knowledge-scanned", source.id, describe(source.id).passages);
        total = {
          changed: total.changed + renewed,
          removed: total.removed + removed,
          skipped: [...total.skipped, ...skipped],
        };
      } catch (thrown) {
        // An unplugged disk must not empty the knowledge: what was read before stays.
        const error = toHearthError(thrown);
        logger.warn("knowledge-scan-failed", { source: source.id, code: error.code });
        total = { ...total, skipped: [...total.skipped, { path: source.path, reason: error.message }] };
      }
    }
    return total;
  }

  function scheduleRescan(): void {
    if (stopped.signal.aborted) return;
    timer = clock.after(options.rescanMs ?? defaultRescanMs, () => {
      void rescan(stopped.signal).finally(scheduleRescan);
    });
  }

  return {
    name: "knowledge",
    async start(signal) {
      for (const source of store.sources()) if (!signal.aborted) await indexSource(source.id);
      isLoaded = true;
      scheduleRescan();
    },
    async stop() {
      stopped.abort();
      timer?.cancel();
    },
    health: () =>
      isLoaded
        ? { status: "ok" }
        : { status: "degraded", code: "knowledge-loading", message: "the owner's documents are still being read" },
    search: (question, searchOptions) => index.search(question, searchOptions),
    list: () => [handbookSource(handbook), ...store.sources().map(publicSource)],
    addText(title, text) {
      const draft = draftOf(`${title}.md`, Buffer.from(text, "utf8"), takeIn);
      const id = store.transaction(() => {
        const source = store.putSource("text", "", title, clock.now());
        store.putDocument(source, { ...draft, name: title });
        return source;
      });
      unindex(id);
      index.add(store.passages(id));
      const source = describe(id);
      changed("knowledge-added", id, source.passages);
      return { source, skipped: [] };
    },
    async addPath(path, signal) {
      const found = await takeIn.files.inspect(path);
      await refuseDataFolder(found.path, options.dataFolder);
      if (found.kind === "file") draftOf(found.path, await takeIn.files.read(found.path), takeIn);
      const id = store.transaction(() => store.putSource(found.kind, found.path, found.title, clock.now()));
      const source = store.sources().find((each) => each.id === id);
      if (source === undefined) throw notFound(id);
      const { skipped } = await scan(source, signal);
      const added = describe(id);
      changed("knowledge-added", id, added.passages);
      return { source: added, skipped };
    },
    remove(id) {
      if (id === "handbook") {
        const remedy = "Remove the sources you added instead.";
        throw knowledgeError("knowledge-handbook", "the bundled handbook cannot be removed", remedy);
      }
      if (!store.transaction(() => store.removeSource(id))) throw notFound(id);
      unindex(id);
      changed("knowledge-removed", id, 0);
    },
    rescan,
  };
}

function notFound(id: string): Error {
  const remedy = "`hearth knowledge ls` lists what there is.";
  return knowledgeError("knowledge-not-found", `there is no knowledge with the id ${id}`, remedy);
}

function publicSource(source: StoredSource): KnowledgeSource {
  const { path, ...rest } = source;
  return { ...rest, ...(path === "" ? {} : { path }), isRemovable: true };
}

function handbookSource(passages: readonly Passage[]): KnowledgeSource {
  const sizeBytes = passages.reduce((sum, { heading, text }) => sum + Buffer.byteLength(heading + text), 0);
  const counts = { passages: passages.length, sizeBytes, addedMs: 0 };
  return { id: "handbook", title: "Handbook", kind: "handbook", ...counts, isRemovable: false };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import type { Vault } from "../../../gateway/encryption/index.ts";
import type { Storage } from "../../../ops/storage/index.ts";
import type { Passage } from "../passage.ts";
import type { TextPiece } from "../split-markdown.ts";

/** What the store needs. */
export interface SourceStoreDeps {
  readonly storage: Pick<Storage, "database" | "transaction">;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
}

/** Something the owner added: a text, a file or a folder. */
export interface StoredSource {
  readonly id: string;
  readonly kind: "text" | "file" | "folder";
  readonly title: string;
  /** Absolute; empty for a text. */
  readonly path: string;
  readonly addedMs: number;
  readonly passages: number;
  readonly sizeBytes: number;
}

/** A document that is to be stored, already taken apart. */
export interface DocumentDraft {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly pieces: readonly (TextPiece & { readonly language: "en" | "zh" })[];
}

interface SourceRow {
  id: string;
  kind: StoredSource["kind"];
  path: Uint8Array;
  title: Uint8Array;
  added_ms: number;
  passages: number;
  size_bytes: number;
}
interface DocumentRow {
  id: string;
  source: string;
  name: Uint8Array;
}
interface PassageRow {
  id: string;
  document: string;
  language: "en" | "zh";
  heading: Uint8Array;
  body: Uint8Array;
}

/** The owner's knowledge on disk: every text, title and path in it is sealed. Synchronous. */
export function createSourceStore(deps: SourceStoreDeps) {
  const { storage, vault } = deps;
  const { database } = storage;
  const seal = (table: string, row: string, column: string, text: string): Uint8Array =>
    vault.seal("system", { table, row, column }, text);
  const open = (table: string, row: string, column: string, sealed: Uint8Array): string =>
    vault.open("system", { table, row, column }, sealed);
  const nameLookup = (source: string, name: string): string =>
    vault.blindIndex("knowledge-name", JSON.stringify([source, name]));
  const contentLookup = (bytes: Uint8Array): string =>
    vault.blindIndex("knowledge-content", Buffer.from(bytes).toString("base64"));

  function putSource(kind: StoredSource["kind"], path: string, title: string, nowMs: number): string {
    const lookup = vault.blindIndex("knowledge-path", JSON.stringify([kind, path === "" ? title : path]));
    const known = database
      .query<{ id: string }, [string]>("SELECT id FROM knowledge_source WHERE path_lookup = ?")
      .get(lookup);
    if (known !== null) {
      database.query("UPDATE knowledge_source SET scanned_ms = ? WHERE id = ?").run(nowMs, known.id);
      return known.id;
    }
    const id = `src_${randomBytes(8).toString("hex")}`;
    database
      .query(
        `INSERT INTO knowledge_source (id, kind, path, path_lookup, title, added_ms, scanned_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        kind,
        seal("knowledge_source", id, "path", path),
        lookup,
        seal("knowledge_source", id, "title", title),
        nowMs,
        nowMs,
      );
    return id;
  }

  /** Stores a document in place of the one of its name. */
  function putDocument(source: string, draft: DocumentDraft): void {
    removeDocument(source, draft.name);
    const id = `doc_${randomBytes(8).toString("hex")}`;
    database
      .query(
        `INSERT INTO knowledge_document (id, source, name, name_lookup, content_lookup, size_bytes, passages)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        source,
        seal("knowledge_document", id, "name", draft.name),
        nameLookup(source, draft.name),
        contentLookup(draft.bytes),
        draft.bytes.length,
        draft.pieces.length,
      );
    const insert = database.query(
      "INSERT INTO knowledge_passage (id, document, number, language, heading, body) VALUES (?, ?, ?, ?, ?, ?)",
    );
    for (const [number, piece] of draft.pieces.entries()) {
      const row = `${id}/${number}`;
      const heading = seal("knowledge_passage", row, "heading", piece.heading);
      insert.run(row, id, number, piece.language, heading, seal("knowledge_passage", row, "body", piece.text));
    }
  }

  function removeDocument(source: string, name: string): void {
    const lookup = nameLookup(source, name);
    database.query("DELETE FROM knowledge_document WHERE source = ? AND name_lookup = ?").run(source, lookup);
  }

  function passageOf(row: PassageRow & { source: string; title: string }): Passage {
    return {
      id: row.id,
      heading: open("knowledge_passage", row.id, "heading", row.heading),
      text: open("knowledge_passage", row.id, "body", row.body),
      language: row.language,
      source: row.source,
      title: row.title,
    };
  }

  return {
    putSource,
    putDocument,
    removeDocument,
    /** Whether a document of this name is stored with exactly this content. */
    hasDocument(source: string, name: string, bytes: Uint8Array): boolean {
      const row = database
        .query<{ content_lookup: string }, [string, string]>(
          "SELECT content_lookup FROM knowledge_document WHERE source = ? AND name_lookup = ?",
        )
        .get(source, nameLookup(source, name));
      return row?.content_lookup === contentLookup(bytes);
    },
    documentNames(source: string): string[] {
      const rows = database
        .query<DocumentRow, [string]>("SELECT id, source, name FROM knowledge_document WHERE source = ? ORDER BY rowid")
        .all(source);
      return rows.map((row) => open("knowledge_document", row.id, "name", row.name));
    },
    sources(): StoredSource[] {
      const rows = database
        .query<SourceRow, []>(
          `SELECT s.id, s.kind, s.path, s.title, s.added_ms, coalesce(sum(d.passages), 0) AS passages,
             coalesce(sum(d.size_bytes), 0) AS size_bytes
           FROM knowledge_source s LEFT JOIN knowledge_document d ON d.source = s.id GROUP BY s.id ORDER BY s.added_ms, s.rowid`,
        )
        .all();
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        title: open("knowledge_source", row.id, "title", row.title),
        path: open("knowledge_source", row.id, "path", row.path),
        addedMs: row.added_ms,
        passages: row.passages,
        sizeBytes: row.size_bytes,
      }));
    },
    /** The passages of one source, titled by the names of their documents. */
    passages(source: string): Passage[] {
      const documents = database
        .query<DocumentRow, [string]>("SELECT id, source, name FROM knowledge_document WHERE source = ? ORDER BY rowid")
        .all(source);
      const select = database.query<PassageRow, [string]>(
        "SELECT id, document, language, heading, body FROM knowledge_passage WHERE document = ? ORDER BY number",
      );
      return documents.flatMap((document) => {
        const title = open("knowledge_document", document.id, "name", document.name);
        return select.all(document.id).map((row) => passageOf({ ...row, source, title }));
      });
    },
    removeSource(source: string): boolean {
      return database.query("DELETE FROM knowledge_source WHERE id = ?").run(source).changes > 0;
    },
    passageCount(): number {
      return (
        database
          .query<{ count: number }, []>("SELECT coalesce(sum(passages), 0) AS count FROM knowledge_document")
          .get()?.count ?? 0
      );
    },
    transaction: <Result>(work: () => Result): Result => storage.transaction(work),
  };
}

export type SourceStore = ReturnType<typeof createSourceStore>;

// SPDX-License-Identifier: AGPL-3.0-only
import { statSync } from "node:fs";
import { basename } from "node:path";
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";
import { withFileSource } from "./byte-cursor.ts";
import { readGgufHeader } from "./gguf-reader.ts";
import { type ModelFacts, modelFacts } from "./model-facts.ts";

/** A file that was opened and checked. */
export interface InspectedFile {
  readonly sizeBytes: number;
  readonly changedMs: number;
  readonly facts: ModelFacts;
}

/** Opens and checks a model file. @throws HearthError `model-invalid`. */
export type InspectFile = (path: string) => InspectedFile;

function read(path: string): ModelFacts {
  try {
    return modelFacts(withFileSource(path, readGgufHeader));
  } catch (thrown) {
    if (isHearthError(thrown)) throw thrown;
    const message = `the model file ${basename(path)} cannot be read`;
    throw new HearthError({ code: "model-invalid", message, cause: thrown });
  }
}

/** An inspector that reads a file again only after it changed: headers of large vocabularies have megabytes. */
export function createFileInspector(): InspectFile {
  const known = new Map<string, InspectedFile & { readonly inode: number }>();
  return (path) => {
    const { ino: inode, mtimeMs: changedMs, size: sizeBytes } = statSync(path);
    const found = known.get(path);
    if (found?.inode === inode && found.changedMs === changedMs && found.sizeBytes === sizeBytes) return found;
    const inspected = { inode, changedMs, sizeBytes, facts: read(path) };
    known.set(path, inspected);
    return inspected;
  };
}

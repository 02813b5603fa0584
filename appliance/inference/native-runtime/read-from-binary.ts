// SPDX-License-Identifier: AGPL-3.0-only

/** Reads a file that `bun build --compile` embedded (or, in a test, a real one). */
export function readFromBinary(source: string): Promise<Uint8Array> {
  return Bun.file(source).bytes();
}

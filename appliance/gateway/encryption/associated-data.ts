// SPDX-License-Identifier: AGPL-3.0-only

/**
 * Joins parts so that no two lists of parts give the same bytes: each is led by its length (4 bytes, big endian).
 */
export function associatedData(...parts: readonly string[]): Buffer {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    const bytes = Buffer.from(part, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    chunks.push(length, bytes);
  }
  return Buffer.concat(chunks);
}

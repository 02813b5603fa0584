// SPDX-License-Identifier: AGPL-3.0-only

/** Reads a file that the build embedded; what ends in `.zst` is unpacked. In a test it may be a real file. */
export async function readFromBinary(source: string): Promise<Uint8Array> {
  const bytes = await Bun.file(source).bytes();
  return source.endsWith(".zst") ? Bun.zstdDecompress(bytes) : bytes;
}

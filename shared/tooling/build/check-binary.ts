// SPDX-License-Identifier: AGPL-3.0-only
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { HearthError } from "../../errors/index.ts";
import { binaryFormat } from "./binary-format.ts";
import type { BuildTarget } from "./targets.ts";

/** What {@link checkBinary} compared. */
export interface BinaryCheck {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly nativeFiles: number;
}

const isLibrary = /\.(node|so|dylib)$/;

/**
 * Opens a built file and compares it with what its target promises: its own type, the type of each native library,
 * that each library really is inside, byte for byte, and that no path of the building machine is.
 * @throws HearthError `binary-wrong` that names the first difference.
 */
export async function checkBinary(
  path: string,
  target: BuildTarget,
  assets: readonly string[],
  forbiddenPaths: readonly string[],
): Promise<BinaryCheck> {
  const binary = await readFile(path);
  const format = binaryFormat(binary);
  if (format !== target.format) throw wrong(path, `is ${format ?? "no executable"}, expected ${target.format}`);
  let nativeFiles = 0;
  for (const asset of assets) {
    const bytes = await readFile(asset);
    const name = basename(asset, ".zst");
    if (isLibrary.test(name)) {
      nativeFiles += 1;
      const found = binaryFormat(await Bun.zstdDecompress(bytes));
      if (found !== target.format) throw wrong(path, `holds ${name}, which is ${found ?? "no library"}`);
    }
    if (!binary.includes(bytes)) throw wrong(path, `does not hold ${name}`);
  }
  for (const forbidden of forbiddenPaths) {
    const at = binary.indexOf(forbidden);
    if (at >= 0) throw wrong(path, `holds the path ${forbidden} of the machine it was built on, at byte ${at}`);
  }
  const sha256 = new Bun.CryptoHasher("sha256").update(binary).digest("hex");
  return { sizeBytes: binary.byteLength, sha256, nativeFiles };
}

function wrong(path: string, what: string): HearthError {
  return new HearthError({ code: "binary-wrong", message: `${path} ${what}` });
}

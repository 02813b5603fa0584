// SPDX-License-Identifier: AGPL-3.0-only
import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { modelFacts, readGgufHeader } from "../../appliance/inference/model-store/index.ts";
import { isHearthError } from "../../shared/errors/index.ts";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { ggufShapes, makeGguf } from "../fixtures/gguf/make-gguf.ts";

let file: Buffer;
let headerBytes = 0;

function read(bytes: Uint8Array) {
  return readGgufHeader({
    sizeBytes: bytes.length,
    read: (offset, length) => {
      if (offset < 0 || offset + length > bytes.length) throw new Error("read outside of the file");
      return bytes.subarray(offset, offset + length);
    },
  });
}

/** The problem a file is refused for; undefined when it is accepted. Anything but a refusal fails the test. */
function problem(bytes: Uint8Array): string | undefined {
  try {
    modelFacts(read(bytes));
    return undefined;
  } catch (thrown) {
    if (!isHearthError(thrown)) throw thrown;
    expect(thrown.code).toBe("model-invalid");
    return thrown.message;
  }
}

function changed(change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(file);
  change(copy);
  return copy;
}

beforeAll(() => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "model.gguf");
  makeGguf(path);
  file = readFileSync(path);
  headerBytes = read(file).dataOffsetBytes;
});

describe("reading a GGUF header", () => {
  test("says what the model is", () => {
    expect(modelFacts(read(file))).toMatchObject({
      architecture: "llama",
      quantization: "F32",
      layers: 2,
      embeddingLength: 64,
      vocabularySize: 640,
      trainedContextTokens: 2048,
      kvBytesPerToken: 256,
      canTrim: true,
      canEmbed: false,
      hasChatTemplate: true,
      licence: "AGPL-3.0-only",
    });
  });

  const lies: readonly (readonly [string, (copy: Buffer) => void, RegExp])[] = [
    ["another magic number", (copy) => copy.write("GGML", 0), /GGUF/],
    ["a version of the future", (copy) => copy.writeUInt32LE(9, 4), /version is 9/],
    ["a big-endian file", (copy) => copy.writeUInt32BE(3, 4), /big endian/],
    ["a trillion tensors", (copy) => copy.writeBigUInt64LE(1n << 40n, 8), /number of tensors/],
    ["2^64-1 metadata entries", (copy) => copy.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 16), /metadata entries/],
    ["a key of four gigabytes", (copy) => copy.writeBigUInt64LE(1n << 32n, 24), /length of the name/],
    ["a key longer than the file", (copy) => copy.writeBigUInt64LE(60_000n, 24), /./],
  ];
  for (const [what, change, reason] of lies) {
    test(`refuses ${what}`, () => expect(problem(changed(change))).toMatch(reason));
  }

  test("refuses a file that is cut off, wherever", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: file.length - 1 }), (length) =>
        expect(problem(file.subarray(0, length))).toBeDefined(),
      ),
      { numRuns: 300 },
    );
    expect(problem(file.subarray(0, file.length - 64))).toMatch(/cut off/);
  });

  test("ten thousand mutated headers are read or refused, and never anything else", () => {
    const mutation = fc.record({ at: fc.nat(), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
        const copy = changed((bytes) => {
          for (const { at, value } of mutations) bytes[at % headerBytes] = value;
        });
        problem(copy);
      }),
      { numRuns: 5000 },
    );
    // Eight bytes at once: counts, lengths and offsets of every size.
    const hostile = fc.oneof(
      fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
      fc.constantFrom(0n, 1n, 0x7fff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn, 1n << 31n, 1n << 53n),
    );
    fc.assert(
      fc.property(fc.nat(), hostile, (at, value) => {
        problem(changed((bytes) => bytes.writeBigUInt64LE(value, at % (headerBytes - 8))));
      }),
      { numRuns: 5000 },
    );
  }, 30_000);

  test("random bytes behind the magic number are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(problem(Buffer.concat([Buffer.from("GGUF\x03\0\0\0"), bytes]))).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe("headers that lie about tensors and metadata", () => {
  const made = (metadata: Parameters<typeof makeGguf>[1]) => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "model.gguf");
    makeGguf(path, metadata);
    return problem(readFileSync(path));
  };
  const u32 = (value: number) => ({ type: "u32", value }) as const;

  test("no layers, no architecture, a wrong alignment", () => {
    expect(made({ metadata: { "llama.block_count": u32(0) } })).toMatch(/block_count/);
    expect(made({ metadata: { "general.architecture": { type: "string", value: "../../etc" } } })).toMatch(
      /architecture/,
    );
    expect(made({ metadata: { "general.alignment": u32(3) } })).toMatch(/alignment/);
    expect(made({ metadata: { "llama.context_length": { type: "string", value: "many" } } })).toMatch(/context_length/);
  });

  test("a tensor that overlaps another one", () => {
    const name = Buffer.from("output_norm.weight");
    const at = file.indexOf(name) + name.length + 4 + 8 + 4;
    expect(problem(changed((copy) => copy.writeBigUInt64LE(0n, at)))).toMatch(/overlaps/);
  });

  test("a vocabulary with the same token twice, which would abort llama.cpp", () => {
    expect(made({ shape: ggufShapes.scripted, script: ["same", "same"] })).toMatch(/vocabulary holds token \d+ twice/);
  });

  test("a tensor twice", () => {
    const bytes = changed((copy) => copy.write("blk.0.attn_k.weight", copy.indexOf("blk.1.attn_k.weight")));
    expect(problem(bytes)).toMatch(/twice/);
  });
});

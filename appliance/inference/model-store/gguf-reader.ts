// SPDX-License-Identifier: AGPL-3.0-only

/*
 * A bounded reader for GGUF headers. It runs before llama.cpp ever sees a file: every count, length and offset is
 * checked against what the format allows and against the size of the file, so that a truncated, mutated or lying file
 * is an error with a reason and never a crash, an endless loop or an allocation the size of the lie.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */

import { type ByteCursor, type ByteSource, createByteCursor } from "./byte-cursor.ts";
import { ggmlTypes } from "./ggml-types.ts";
import { refuseModel } from "./refuse-model.ts";

/** A metadata value. Long arrays are not kept; `count` says how many elements there were. */
export type GgufMetadataValue =
  | number
  | boolean
  | string
  | { readonly count: number; readonly numbers?: readonly number[] };

export interface GgufTensorInfo {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly typeName: string;
  /** From the start of the tensor data. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly elements: number;
}

/** Everything a GGUF says about itself before its data. */
export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufMetadataValue>;
  readonly tensors: readonly GgufTensorInfo[];
  /** Where the tensor data begins in the file. */
  readonly dataOffsetBytes: number;
}

const limits = {
  metadataEntries: 65_536,
  tensors: 65_536,
  keyBytes: 65_535,
  stringBytes: 16 * 1024 * 1024,
  arrayElements: 16 * 1024 * 1024,
  keptNumbers: 1024,
  nameBytes: 63,
  dimensions: 4,
} as const;

const types = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;

function readScalar(cursor: ByteCursor, type: number, what: string): number | boolean | string {
  switch (type) {
    case types.u8:
      return cursor.u8(what);
    case types.i8:
      return (cursor.u8(what) << 24) >> 24;
    case types.u16:
      return cursor.view(2, what).getUint16(0, true);
    case types.i16:
      return cursor.view(2, what).getInt16(0, true);
    case types.u32:
      return cursor.u32(what);
    case types.i32:
      return cursor.view(4, what).getInt32(0, true);
    case types.f32:
      return cursor.view(4, what).getFloat32(0, true);
    case types.bool: {
      const value = cursor.u8(what);
      return value > 1 ? refuseModel(`${what} is a truth value of ${value}`) : value === 1;
    }
    case types.string:
      return cursor.text(limits.stringBytes, what);
    case types.u64:
      return Number(cursor.view(8, what).getBigUint64(0, true));
    case types.i64:
      return Number(cursor.view(8, what).getBigInt64(0, true));
    case types.f64:
      return cursor.view(8, what).getFloat64(0, true);
    default:
      return refuseModel(`${what} has the unknown value type ${type}`);
  }
}

const vocabularyKey = '"tokenizer.ggml.tokens"';
const widths: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

/** Strings of an array are not kept; of a vocabulary it is checked that each is there once, or llama.cpp aborts. */
function readStrings(cursor: ByteCursor, count: number, what: string): void {
  const seen = what === vocabularyKey ? new Set<string>() : undefined;
  for (let index = 0; index < count; index++) {
    const name = `element ${index} of ${what}`;
    if (seen === undefined) {
      cursor.skipText(limits.stringBytes, name);
      continue;
    }
    seen.add(cursor.text(limits.stringBytes, name));
    if (seen.size <= index) refuseModel(`its vocabulary holds token ${index} twice`);
  }
}

function readArray(cursor: ByteCursor, what: string): GgufMetadataValue {
  const type = cursor.u32(`the element type of ${what}`);
  const count = cursor.size(limits.arrayElements, `the length of ${what}`);
  if (type === types.string) {
    readStrings(cursor, count, what);
    return { count };
  }
  const width = widths[type];
  if (width === undefined) return refuseModel(`${what} is an array of the unsupported type ${type}`);
  if (count > limits.keptNumbers) {
    cursor.skip(count * width, what);
    return { count };
  }
  const numbers: number[] = [];
  for (let index = 0; index < count; index++) numbers.push(Number(readScalar(cursor, type, what)));
  return { count, numbers };
}

function readMetadata(cursor: ByteCursor, count: number): Map<string, GgufMetadataValue> {
  const metadata = new Map<string, GgufMetadataValue>();
  for (let index = 0; index < count; index++) {
    const key = cursor.text(limits.keyBytes, `the name of metadata entry ${index}`);
    const shown = key.slice(0, 80);
    if (key === "") refuseModel(`metadata entry ${index} has no name`);
    if (metadata.has(key)) refuseModel(`the metadata entry "${shown}" is there twice`);
    const type = cursor.u32(`the type of "${shown}"`);
    metadata.set(key, type === types.array ? readArray(cursor, `"${shown}"`) : readScalar(cursor, type, `"${shown}"`));
  }
  return metadata;
}

function readTensor(cursor: ByteCursor, index: number, alignment: number): GgufTensorInfo {
  const name = cursor.text(limits.nameBytes, `the name of tensor ${index}`);
  const count = cursor.u32(`the dimensions of tensor "${name}"`);
  if (count === 0 || count > limits.dimensions)
    refuseModel(`tensor "${name}" has ${count} dimensions (1 to ${limits.dimensions})`);
  const dimensions: number[] = [];
  let elements = 1;
  for (let axis = 0; axis < count; axis++) {
    const length = cursor.size(Number.MAX_SAFE_INTEGER, `dimension ${axis} of tensor "${name}"`);
    elements *= length;
    if (length < 1 || elements > Number.MAX_SAFE_INTEGER) refuseModel(`tensor "${name}" has impossible dimensions`);
    dimensions.push(length);
  }
  const typeNumber = cursor.u32(`the type of tensor "${name}"`);
  const type = ggmlTypes[typeNumber] ?? refuseModel(`tensor "${name}" has the unknown type ${typeNumber}`);
  if ((dimensions[0] ?? 0) % type.blockElements !== 0) {
    refuseModel(
      `a row of tensor "${name}" has ${dimensions[0]} elements, not a multiple of ${type.blockElements} as ${type.name} needs`,
    );
  }
  const offsetBytes = cursor.size(Number.MAX_SAFE_INTEGER, `the offset of tensor "${name}"`);
  if (offsetBytes % alignment !== 0) refuseModel(`tensor "${name}" is not aligned to ${alignment} bytes`);
  const sizeBytes = (elements / type.blockElements) * type.blockBytes;
  return { name, dimensions, typeName: type.name, offsetBytes, sizeBytes, elements };
}

function checkTensors(tensors: readonly GgufTensorInfo[], dataBytes: number): void {
  const names = new Set<string>();
  for (const tensor of tensors) {
    if (names.has(tensor.name)) refuseModel(`tensor "${tensor.name}" is there twice`);
    names.add(tensor.name);
  }
  let end = 0;
  for (const tensor of tensors.toSorted((a, b) => a.offsetBytes - b.offsetBytes)) {
    if (tensor.offsetBytes < end) refuseModel(`tensor "${tensor.name}" overlaps another one`);
    end = tensor.offsetBytes + tensor.sizeBytes;
    if (end > dataBytes) {
      refuseModel(
        `it is cut off: tensor "${tensor.name}" ends at byte ${end} of the data, which has ${Math.max(0, dataBytes)}`,
      );
    }
  }
}

/**
 * Reads and checks the header of a GGUF file, version 2 or 3, little endian.
 * @throws HearthError `model-invalid` with what is wrong.
 */
export function readGgufHeader(source: ByteSource): GgufHeader {
  const cursor = createByteCursor(source);
  if (source.sizeBytes < 24) refuseModel(`it has only ${source.sizeBytes} bytes`);
  if (cursor.u32("the magic number") !== 0x46_55_47_47) refuseModel("it does not begin with the letters GGUF");
  const version = cursor.u32("the version");
  if (version > 0xffff && (version & 0xffff) === 0) refuseModel("it is big endian");
  if (version !== 2 && version !== 3) refuseModel(`its version is ${version}; 2 and 3 are supported`);
  const tensorCount = cursor.size(limits.tensors, "the number of tensors");
  const metadataCount = cursor.size(limits.metadataEntries, "the number of metadata entries");
  const metadata = readMetadata(cursor, metadataCount);
  const alignment = metadata.get("general.alignment") ?? 32;
  if (typeof alignment !== "number" || alignment < 8 || alignment > 65_536 || (alignment & (alignment - 1)) !== 0) {
    return refuseModel("its alignment is not a power of two between 8 and 65536");
  }
  const tensors: GgufTensorInfo[] = [];
  for (let index = 0; index < tensorCount; index++) tensors.push(readTensor(cursor, index, alignment));
  const dataOffsetBytes = Math.ceil(cursor.offset() / alignment) * alignment;
  checkTensors(tensors, source.sizeBytes - dataOffsetBytes);
  return { version, metadata, tensors, dataOffsetBytes };
}

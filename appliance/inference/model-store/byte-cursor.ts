// SPDX-License-Identifier: AGPL-3.0-only
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { refuseModel } from "./refuse-model.ts";

/** Bytes that can be read at any place. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`, which lie within the source. */
  read(offset: number, length: number): Uint8Array;
}

/** Reads forward through a source; whatever would go beyond its end is refused with the name of what was read. */
export interface ByteCursor {
  offset(): number;
  skip(bytes: number, what: string): void;
  view(bytes: number, what: string): DataView;
  u8(what: string): number;
  u32(what: string): number;
  /** An unsigned 64-bit number of at most `most`. */
  size(most: number, what: string): number;
  text(mostBytes: number, what: string): string;
  skipText(mostBytes: number, what: string): void;
}

const windowBytes = 256 * 1024;

/** A cursor at the start of `source`, with a window of 256 KiB. */
export function createByteCursor(source: ByteSource): ByteCursor {
  let at = 0;
  let windowAt = 0;
  let window: Uint8Array = new Uint8Array(0);
  const take = (bytes: number, what: string): Uint8Array => {
    if (bytes > source.sizeBytes - at) refuseModel(`it is cut off, or lies about its sizes: it ends within ${what}`);
    if (at < windowAt || at + bytes > windowAt + window.length) {
      windowAt = at;
      window = source.read(at, Math.min(Math.max(bytes, windowBytes), source.sizeBytes - at));
    }
    const start = at - windowAt;
    at += bytes;
    return window.subarray(start, start + bytes);
  };
  const view = (bytes: number, what: string): DataView => {
    const taken = take(bytes, what);
    return new DataView(taken.buffer, taken.byteOffset, taken.byteLength);
  };
  const size = (most: number, what: string): number => {
    const value = view(8, what).getBigUint64(0, true);
    return value > BigInt(most)
      ? refuseModel(`${what} is ${value}, which is more than the ${most} that are allowed`)
      : Number(value);
  };
  const skip = (bytes: number, what: string): void => {
    if (bytes > source.sizeBytes - at) refuseModel(`it is cut off, or lies about its sizes: it ends within ${what}`);
    at += bytes;
  };
  return {
    offset: () => at,
    skip,
    view,
    u8: (what) => take(1, what)[0] ?? 0,
    u32: (what) => view(4, what).getUint32(0, true),
    size,
    text: (mostBytes, what) => Buffer.from(take(size(mostBytes, `the length of ${what}`), what)).toString("utf8"),
    skipText: (mostBytes, what) => skip(size(mostBytes, `the length of ${what}`), what),
  };
}

/** Opens a file as a source for the time of `use`. */
export function withFileSource<Result>(path: string, use: (source: ByteSource) => Result): Result {
  const file = openSync(path, "r");
  try {
    return use({
      sizeBytes: fstatSync(file).size,
      read(offset, length) {
        const bytes = new Uint8Array(length);
        let done = 0;
        while (done < length) {
          const read = readSync(file, bytes, done, length - done, offset + done);
          if (read === 0) refuseModel("it became shorter while it was read");
          done += read;
        }
        return bytes;
      },
    });
  } finally {
    closeSync(file);
  }
}

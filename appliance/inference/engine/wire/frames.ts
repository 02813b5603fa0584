// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../../shared/errors/index.ts";

/*
 * Frames between the box and its engine child: four bytes of magic and version, four bytes of length (little endian),
 * then JSON in UTF-8. The child is our own file, but a native library lives in it: whatever does not parse ends it.
 */

const magic = 0x31_65_68_01;
const headerBytes = 8;
/** Larger than any prompt that the API lets in; a length beyond it is a broken stream. */
const maxFrameBytes = 64 * 1024 * 1024;

/** One value as a frame. */
export function encodeFrame(value: unknown): Uint8Array {
  const body = Buffer.from(JSON.stringify(value), "utf8");
  const frame = Buffer.allocUnsafe(headerBytes + body.length);
  frame.writeUInt32LE(magic, 0);
  frame.writeUInt32LE(body.length, 4);
  body.copy(frame, headerBytes);
  return frame;
}

/** Takes bytes as they come, gives values as they are complete. */
export interface FrameDecoder {
  /** @throws HearthError `broken-frame` when the stream is not ours (any more). */
  push(bytes: Uint8Array): readonly unknown[];
}

/** A decoder for one stream. */
export function createFrameDecoder(): FrameDecoder {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let wanted = headerBytes;
  const gather = (): Buffer => {
    const all = Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  return {
    push(bytes) {
      chunks.push(bytes);
      size += bytes.length;
      if (size < wanted) return [];
      const values: unknown[] = [];
      let all = gather();
      while (all.length >= headerBytes) {
        const length = all.readUInt32LE(4);
        if (all.readUInt32LE(0) !== magic || length > maxFrameBytes) {
          throw new HearthError({
            code: "broken-frame",
            message: "the stream from the engine process is not a stream of frames",
          });
        }
        if (all.length < headerBytes + length) {
          wanted = headerBytes + length;
          break;
        }
        try {
          values.push(JSON.parse(all.toString("utf8", headerBytes, headerBytes + length)));
        } catch (cause) {
          throw new HearthError({ code: "broken-frame", message: "a frame of the engine process is not JSON", cause });
        }
        all = all.subarray(headerBytes + length);
        wanted = headerBytes;
      }
      chunks = [all];
      size = all.length;
      return values;
    },
  };
}

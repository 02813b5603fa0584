// SPDX-License-Identifier: AGPL-3.0-only
import { knowledgeError } from "./knowledge-error.ts";

const byteOrderMarks: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
/** A text has next to none of these; a program or an image has many. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binaryCharacters = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/gu;
const maxBinaryShare = 0.002;

/**
 * Decodes the bytes of a text file: by its byte order mark, else as UTF-8 if it is valid, else UTF-16 if every other
 * byte is zero, else GB 18030 if that is valid and mostly Chinese, else Windows-1252.
 * @throws HearthError `knowledge-not-text` when the result does not look like text.
 */
export function decodeText(bytes: Uint8Array): string {
  const text = decode(bytes).replace(/^\uFEFF/u, "");
  const strange = text.match(binaryCharacters)?.length ?? 0;
  if (strange > text.length * maxBinaryShare) {
    throw knowledgeError(
      "knowledge-not-text",
      `the file holds ${strange} characters that no text has`,
      "Add text files only: .md, .txt, .csv or a .json list of questions and answers.",
    );
  }
  return text;
}

function decode(bytes: Uint8Array): string {
  const marked = byteOrderMarks.find(([mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked !== undefined) return new TextDecoder(marked[1]).decode(bytes);
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return new TextDecoder(wide).decode(bytes);
  const utf8 = tryDecode(bytes, "utf-8");
  if (utf8 !== undefined) return utf8;
  const chinese = tryDecode(bytes, "gb18030");
  if (chinese !== undefined && hanShare(chinese) > 0.5) return chinese;
  return new TextDecoder("windows-1252").decode(bytes);
}

function tryDecode(bytes: Uint8Array, encoding: "utf-8" | "gb18030"): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // Not valid in this encoding: the answer, not a failure.
    return undefined;
  }
}

/** UTF-16 without a mark: in mostly Latin text nearly every other byte is zero. */
function wideEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const sample = bytes.subarray(0, 2048);
  if (sample.length < 8) return undefined;
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const half = sample.length / 2;
  if (odd > half * 0.4 && even < half * 0.05) return "utf-16le";
  return even > half * 0.4 && odd < half * 0.05 ? "utf-16be" : undefined;
}

/** How many of the characters beyond ASCII are Han. */
function hanShare(text: string): number {
  const beyond = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return beyond === 0 ? 0 : (text.match(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/gu)?.length ?? 0) / beyond;
}

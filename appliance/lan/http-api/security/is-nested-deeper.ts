// SPDX-License-Identifier: AGPL-3.0-only

const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether JSON is nested deeper than `limit`, told from its bytes before anything parses it: what parses well at 50,000
 * levels overflows the stack of whatever walks, copies or prints it later.
 */
export function isNestedDeeper(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === quote) index = endOfString(bytes, index);
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}

/** The place of the quote that closes the string that begins at `start`; the last byte when nothing does. */
function endOfString(bytes: Uint8Array, start: number): number {
  let index = start + 1;
  while (index < bytes.length && bytes[index] !== quote) index += bytes[index] === backslash ? 2 : 1;
  return index;
}

// SPDX-License-Identifier: AGPL-3.0-only

/** Numbers that look random and are the same each time (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const nasty = [
  "\u0000",
  "\ud800",
  "<",
  ">",
  "&",
  '"',
  "'",
  "]]>",
  "<!--",
  "{",
  "}",
  "[",
  "\\u0000",
  "__proto__",
  "😀",
  "\r\n",
  "9".repeat(400),
  "a".repeat(2_000),
  "<a>".repeat(200),
  "null",
  "-1",
  "1e999",
];

/** A frame with one to six random injuries: cut, doubled, swapped, or with something nasty in it. */
export function mutateFrame(frame: string, random: () => number): string {
  let text = frame;
  const place = (): number => Math.floor(random() * (text.length + 1));
  for (let injuries = 1 + Math.floor(random() ** 2 * 6); injuries > 0; injuries -= 1) {
    const [from, to] = [place(), place()].sort((one, other) => one - other) as [number, number];
    switch (Math.floor(random() * 7)) {
      case 0:
        text = text.slice(0, from);
        break;
      case 1:
        text = text.slice(0, from) + text.slice(to);
        break;
      case 2:
        text = text.slice(0, to) + text.slice(from, to) + text.slice(to);
        break;
      case 3:
        text = text.slice(0, from) + nasty[Math.floor(random() * nasty.length)] + text.slice(from);
        break;
      case 4:
        text = text.slice(0, from) + String.fromCharCode(Math.floor(random() * 0x10000)) + text.slice(from + 1);
        break;
      case 5:
        text = `${text.slice(0, from)}x${text.slice(from + 1)}`;
        break;
      default:
        text = text.slice(from, to) + text.slice(0, from) + text.slice(to);
    }
    if (text.length > 100_000) text = text.slice(0, 100_000);
  }
  return text;
}

// SPDX-License-Identifier: AGPL-3.0-only
import {
  hasRightToLeftLetters,
  isJoiningLetter,
  isMark,
  isPictographic,
  takesSelector,
  type Unwanted,
  unwantedKind,
} from "./code-points.ts";
import type { Finding } from "./finding.ts";

/** Anything that `unwantedKind` could object to; most texts have none and are not looked at further. */
const suspicious = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

const blackFlag = 0x1f3f4;
const cancelTag = 0xe007f;

/** The text without characters that do not show; adds to `found` what was taken out. */
export function keepVisible(text: string, found: Set<Finding>): string {
  if (!suspicious.test(text)) return text;
  const characters = Array.from(text);
  const isRightToLeft = hasRightToLeftLetters(text);
  const kept: string[] = [];
  let tags = 0;
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? "";
    const codePoint = character.codePointAt(0) ?? 0;
    const kind = unwantedKind(codePoint);
    if (kind === undefined) {
      kept.push(character);
      continue;
    }
    const flag = flagTags(characters, index, kept);
    if (flag > 0) {
      kept.push(...characters.slice(index, index + flag));
      index += flag - 1;
      continue;
    }
    if (mayStay(kind, codePoint, kept, characters[index + 1] ?? "", isRightToLeft)) {
      kept.push(character);
      continue;
    }
    if (codePoint > 0xe0000 && codePoint < cancelTag) tags++;
    found.add(findingOf(kind));
  }
  if (tags > 0) found.add("hidden-text-removed");
  return kept.join("");
}

/** Length of the tag sequence of a regional flag (UTS #51, such as Scotland's) that begins here; 0 when none does. */
function flagTags(characters: readonly string[], start: number, kept: readonly string[]): number {
  if (kept.at(-1)?.codePointAt(0) !== blackFlag) return 0;
  for (let length = 0; length < 8; length++) {
    const codePoint = characters[start + length]?.codePointAt(0) ?? 0;
    if (codePoint === cancelTag) return length >= 3 ? length + 1 : 0;
    const isTagOfFlag =
      (codePoint >= 0xe0061 && codePoint <= 0xe007a) || (codePoint >= 0xe0030 && codePoint <= 0xe0039);
    if (!isTagOfFlag) return 0;
  }
  return 0;
}

function mayStay(
  kind: Unwanted,
  codePoint: number,
  kept: readonly string[],
  next: string,
  isRightToLeft: boolean,
): boolean {
  const previous = kept.at(-1) ?? "";
  if (kind === "direction-mark") return isRightToLeft && unwantedKind(previous.codePointAt(0) ?? 0x20) === undefined;
  if (kind === "invisible") return takesSelector(previous, codePoint);
  if (kind !== "joiner") return false;
  if (isJoiningLetter(previous) || (isMark(previous) && isJoiningLetter(next))) return true;
  return codePoint === 0x200d && isPictographic(next) && endsInPictograph(kept);
}

/** Whether what stands before is an emoji, with its skin tone or selector. */
function endsInPictograph(kept: readonly string[]): boolean {
  const previous = kept.at(-1) ?? "";
  if (isPictographic(previous)) return true;
  const isModifier = previous === "\ufe0f" || /^\p{Emoji_Modifier}$/u.test(previous);
  return isModifier && isPictographic(kept.at(-2) ?? "");
}

function findingOf(kind: Unwanted): Finding {
  if (kind === "control") return "control-characters-removed";
  if (kind === "bidi" || kind === "direction-mark") return "bidi-controls-removed";
  return "invisible-characters-removed";
}

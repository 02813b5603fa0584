// SPDX-License-Identifier: AGPL-3.0-only

/**
 * Closes what the end of a text that is still being written leaves open in its last line, so that **strong** and `code`
 * appear as such at once instead of flickering when their end arrives. Inside a fence nothing is a mark.
 */
export function closeOpenMarks(text: string): string {
  const fences = text.match(/^\s{0,3}```/gm)?.length ?? 0;
  if (fences % 2 === 1) return text;
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  const ticks = lastLine.split("`").length - 1;
  if (ticks % 2 === 1) return lastLine.endsWith("`") ? text.slice(0, -1) : `${text}\``;
  const stars = lastLine.replace(/`[^`]*`/g, "").split("**").length - 1;
  if (stars % 2 === 0) return text;
  return lastLine.endsWith("**") ? text.slice(0, -2) : `${text.replace(/[\s*]+$/, "")}**`;
}

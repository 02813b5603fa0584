// SPDX-License-Identifier: AGPL-3.0-only
import { cleanText } from "../traffic-filter/index.ts";
import type { Sender } from "./types.ts";

const maxLength = 80;

/**
 * The name that a sender gives themselves, as it may be shown to the owner: cleaned, on one line, at most 80 signs;
 * undefined when nothing of it is left. It proves nothing about who they are.
 */
export function displayNameOf(sender: Sender): string | undefined {
  const cleaned = cleanText((sender.displayName ?? "").slice(0, 4 * maxLength), 4 * maxLength);
  if (cleaned.kind !== "clean") return undefined;
  const line = cleaned.text.replace(/\s+/gu, " ");
  return Array.from(line).slice(0, maxLength).join("").trim();
}

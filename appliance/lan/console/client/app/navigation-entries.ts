// SPDX-License-Identifier: AGPL-3.0-only
import type { Session } from "../../../http-api/index.ts";
import type { IconName } from "../ui/icon.tsx";

type Role = Session["person"]["role"];

/** A page in the navigation; its text has the same key in the common texts. */
export interface NavigationEntry {
  readonly page: IconName &
    ("home" | "chat" | "conversations" | "channels" | "people" | "models" | "knowledge" | "activity" | "settings");
  /** Whether the phone's bottom bar has it; the others are behind "More". */
  readonly isInBottomBar: boolean;
}

const entries: readonly NavigationEntry[] = [
  { page: "home", isInBottomBar: true },
  { page: "chat", isInBottomBar: true },
  { page: "conversations", isInBottomBar: true },
  { page: "activity", isInBottomBar: true },
  { page: "channels", isInBottomBar: false },
  { page: "people", isInBottomBar: false },
  { page: "models", isInBottomBar: false },
  { page: "knowledge", isInBottomBar: false },
  { page: "settings", isInBottomBar: false },
];

/** Whether a role runs the box. The box itself decides each request; this only hides what it would refuse. */
export function canManage(role: Role): boolean {
  return role === "owner" || role === "operator";
}

/** The pages a role may see; a member or guest has the chat and their own conversations. */
export function navigationEntries(role: Role): readonly NavigationEntry[] {
  return canManage(role) ? entries : entries.filter((entry) => entry.page === "chat" || entry.page === "conversations");
}

/** The address of a page. */
export function pageAddress(page: string): string {
  return page === "home" ? "/" : `/${page}`;
}

// SPDX-License-Identifier: AGPL-3.0-only

/** First path segments that the console answers by itself; the server sends its page for these and nothing else. */
export const consolePageNames = [
  "chat",
  "conversations",
  "channels",
  "people",
  "models",
  "knowledge",
  "activity",
  "settings",
  "sign-in",
] as const;

export type ConsolePageName = (typeof consolePageNames)[number];

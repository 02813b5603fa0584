// SPDX-License-Identifier: AGPL-3.0-only
import type { commonTexts } from "../i18n/common-texts.ts";

/** What a channel is called: those of the box in the person's language, the others as they were named. */
export function channelName(texts: (typeof commonTexts)["en"], name: string): string {
  if (name === "web-chat") return texts.channelWebChat;
  return name === "api" ? texts.channelApi : name;
}

// SPDX-License-Identifier: AGPL-3.0-only

const apologies = {
  en: "Sorry, something went wrong and I could not answer this message. Please send it again later.",
  zh: "抱歉，出了点问题，我没能回答这条消息。请稍后再发一次。",
} as const;

/** What a sender is told when a message could not be answered after several attempts. `language` is BCP 47. */
export function apologyText(language: string | undefined): string {
  return language?.toLowerCase().startsWith("zh") === true ? apologies.zh : apologies.en;
}

// SPDX-License-Identifier: AGPL-3.0-only

const apologies = {
  en: "Sorry, something went wrong and I could not answer this message. Please send it again later.",
  zh: "抱歉，出了点问题，我没能回答这条消息。请稍后再发一次。",
} as const;

const tooManyWaiting = {
  en: "Too many of your messages wait for an answer: this one, and those that follow, were not taken. Please wait for the answers, then send them again.",
  zh: "您有太多消息还在等待回复：这条以及之后的消息都没有被接收。请等收到回复后再重新发送。",
} as const;

const isChinese = (language: string | undefined): boolean => language?.toLowerCase().startsWith("zh") === true;

/** What a guest is told, once, when too many of their messages wait. `language` is BCP 47. */
export function tooManyWaitingText(language: string | undefined): string {
  return isChinese(language) ? tooManyWaiting.zh : tooManyWaiting.en;
}

/** What a sender is told when a message could not be answered after several attempts. `language` is BCP 47. */
export function apologyText(language: string | undefined): string {
  return isChinese(language) ? apologies.zh : apologies.en;
}

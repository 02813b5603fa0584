// SPDX-License-Identifier: AGPL-3.0-only

/** The languages in which the gateway answers by itself. */
export type ReplyLanguage = "en" | "zh";

/** By the channel's word if it says one, else by the script of the text. */
export function replyLanguage(language: string | undefined, text: string): ReplyLanguage {
  if (language !== undefined && language !== "") return /^zh(-|$)/i.test(language) ? "zh" : "en";
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? "zh" : "en";
}

export function pairingText(language: ReplyLanguage, code: string, minutes: number): string {
  if (language === "zh") {
    return `这是一个私人助手。要与它对话，请把配对码 ${code} 告诉它的主人（${minutes} 分钟内有效）。您的这条消息没有被处理，获准之后请重新发送。`;
  }
  return (
    `This is a private assistant. To talk to it, give its owner this pairing code: ${code} (valid for ${minutes} minutes). ` +
    "Your message was not processed; please send it again once you have been let in."
  );
}

export function tooLargeText(language: ReplyLanguage, length: number, maxLength: number): string {
  if (language === "zh") return `这条消息太长（${length} 个字符，最多 ${maxLength} 个），没有被处理。请分成几条发送。`;
  return `This message is too long (${length} characters, at most ${maxLength}) and was not processed. Please send it in parts.`;
}

export function rateLimitedText(language: ReplyLanguage, retryAfterMs: number): string {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  if (language === "zh") return `消息太多了，这条没有被处理。请 ${seconds} 秒后再发送。`;
  return `Too many messages: this one was not processed. Please send it again in ${seconds} s.`;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Language } from "../knowledge/index.ts";

/** Why a turn failed, as far as the person can do something with it. */
export type FailureKind = "busy" | "unavailable" | "too-long" | "late" | "internal";

const en = {
  busy: "Many questions are waiting right now. Please try again in a moment.",
  unavailable: "The model is not available right now. Please try again later, or tell the owner of this box.",
  "too-long": "Your message is too long for the model that is in use. Please send a shorter one.",
  late: "The answer took too long and was given up. Please ask again.",
  internal: "Something went wrong inside the box and your message could not be answered. Please try again.",
  stopped: "[stopped]",
  stoppedBefore: "Stopped before the answer began.",
  brokenOff: "[The answer broke off here. Please ask again if something is missing.]",
  cutOff: "[The answer was cut off at the longest length.]",
  nothing: "The model gave no answer. Please put the question in other words.",
};

/** What a person reads when a turn does not end as it should. */
export const turnTexts: Readonly<Record<Language, typeof en>> = {
  en,
  zh: {
    busy: "现在排队的问题很多，请稍后再试。",
    unavailable: "模型暂时不可用。请稍后再试，或者告诉这台设备的主人。",
    "too-long": "您的消息对当前模型来说太长了，请发短一点的。",
    late: "回答花的时间太长，已放弃。请再问一次。",
    internal: "设备内部出了问题，没能回答您的消息。请再试一次。",
    stopped: "[已停止]",
    stoppedBefore: "在开始回答之前已停止。",
    brokenOff: "[回答在这里中断了。如果不完整，请再问一次。]",
    cutOff: "[回答已达到最大长度。]",
    nothing: "模型没有给出回答，请换一种说法。",
  },
};

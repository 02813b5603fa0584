// SPDX-License-Identifier: AGPL-3.0-only
import { defineTexts } from "../i18n/define-texts.ts";

/** What the policies of a channel are called and mean. */
export const policyTexts = defineTexts({
  en: {
    legend: "Who may talk to the agent here",
    closed: "Only people I know",
    closedBody: "Strangers get no answer at all.",
    pairing: "Strangers get a code",
    pairingBody: "They tell you the code; you let them in on the People page.",
    anyone: "Anyone, replies only",
    anyoneBody: "For a public number: everybody is answered as a guest, within strict limits, without tools.",
  },
  zh: {
    legend: "谁可以在这里和助手说话",
    closed: "只有我认识的人",
    closedBody: "陌生人不会得到任何回答。",
    pairing: "陌生人得到一个配对码",
    pairingBody: "他们把码告诉您，您在人员页面让他们加入。",
    anyone: "任何人，只能得到回复",
    anyoneBody: "用于公开的号码：每个人都以访客身份得到回答，有严格的限制，不能使用工具。",
  },
});

// SPDX-License-Identifier: AGPL-3.0-only
import { defineTexts } from "../i18n/define-texts.ts";

export const signInTexts = defineTexts({
  en: {
    title: "Sign in",
    lead: "This box has no password. A one-time link signs this browser in.",
    checking: "Asking the box who you are…",
    refusedTitle: "This link does not work any more",
    refusedBody: "A link works once and only for a short time. Make a new one.",
    ownerTitle: "You run this box",
    ownerBody: "On the computer where Hearth runs, open a terminal and type:",
    ownerAfter: "It opens this page signed in, or prints a link to open on another device.",
    guestTitle: "Somebody else runs it",
    guestBody: "Ask them for a link: they find it under Settings, “Sign-in link for a person”.",
    failedTitle: "The console cannot start",
  },
  zh: {
    title: "登录",
    lead: "这台设备没有密码。一次性链接会让这个浏览器登录。",
    checking: "正在向设备确认您的身份…",
    refusedTitle: "这个链接已经失效",
    refusedBody: "每个链接只能用一次，而且有效时间很短。请重新生成一个。",
    ownerTitle: "您管理这台设备",
    ownerBody: "在运行 Hearth 的电脑上打开终端，输入：",
    ownerAfter: "它会直接打开已登录的页面，或者显示一个链接，供其他设备使用。",
    guestTitle: "别人管理这台设备",
    guestBody: "请向对方要一个链接：在“设置”的“给某人的登录链接”里可以生成。",
    failedTitle: "控制台无法启动",
  },
});

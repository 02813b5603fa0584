// SPDX-License-Identifier: AGPL-3.0-only
import { defineTexts } from "../i18n/define-texts.ts";

/**
 * What the fields of the channels in the box are called. A manifest's own `title` and `description` serve for channels
 * that the console does not know.
 */
export const schemaFormTexts = defineTexts({
  en: {
    notANumber: "This is not a number.",
    notAnAddress: "This is not an address that begins with http:// or https://.",
    jid: "Address of the agent's account (JID)",
    jidHint: "An XMPP account made for the agent, such as agent@example.org.",
    password: "Password",
    passwordHint: "Stored encrypted on the box, never shown again.",
    service: "Server",
    serviceHint: "Only if it is not found by the address: xmpp://host:port or xmpps://host:port.",
    resource: "Resource name",
    resourceHint: "How this connection is named on the server.",
    secret: "Shared secret",
    secretHint: "Both sides sign with it. At least 16 characters, by chance.",
    callback: "Callback address",
    callbackHint: "Where replies are sent with POST.",
    allowPlain: "Allow a connection without encryption",
    allowPlainHint: "Only for a server on this very machine.",
  },
  zh: {
    notANumber: "这不是数字。",
    notAnAddress: "这不是以 http:// 或 https:// 开头的地址。",
    jid: "助手帐号的地址（JID）",
    jidHint: "专门给助手用的 XMPP 帐号，例如 agent@example.org。",
    password: "密码",
    passwordHint: "加密保存在设备上，之后不再显示。",
    service: "服务器",
    serviceHint: "只有按地址找不到时才需要：xmpp://主机:端口 或 xmpps://主机:端口。",
    resource: "资源名",
    resourceHint: "这个连接在服务器上的名字。",
    secret: "共享密钥",
    secretHint: "双方都用它签名。至少 16 个随机字符。",
    callback: "回调地址",
    callbackHint: "回复会用 POST 发到这里。",
    allowPlain: "允许不加密的连接",
    allowPlainHint: "仅用于同一台机器上的服务器。",
  },
});

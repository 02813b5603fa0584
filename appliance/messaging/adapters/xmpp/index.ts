// SPDX-License-Identifier: AGPL-3.0-only
export { createXmppAdapter } from "./create-xmpp-adapter.ts";
export type { DecodeContext, DecodedStanza } from "./decode-stanza.ts";
export { decodeStanza } from "./decode-stanza.ts";
export { encodeMessage } from "./encode-message.ts";
export { parseStanza } from "./parse-stanza.ts";
export type { XmppConfig } from "./xmpp-config.ts";
export { xmppConfigSchema } from "./xmpp-config.ts";
export { xmppManifest } from "./xmpp-manifest.ts";
export { xmppModule } from "./xmpp-module.ts";

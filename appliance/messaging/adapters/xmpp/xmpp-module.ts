// SPDX-License-Identifier: AGPL-3.0-only
import type { AdapterModule } from "../../protocol/index.ts";
import { createXmppAdapter } from "./create-xmpp-adapter.ts";
import { xmppConfigSchema } from "./xmpp-config.ts";
import { xmppManifest } from "./xmpp-manifest.ts";

/** The XMPP channel as the registry loads it. */
export const xmppModule: AdapterModule = {
  manifest: xmppManifest,
  parseConfig: (config) => xmppConfigSchema.parse(config),
  create: createXmppAdapter,
};

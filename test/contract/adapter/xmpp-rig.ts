// SPDX-License-Identifier: AGPL-3.0-only
import { xml } from "@xmpp/client";
import { xmppModule } from "../../../appliance/messaging/adapters/xmpp/index.ts";
import { createChannelBench } from "../../fixtures/messaging/channel-bench.ts";
import { startProsody } from "../../fixtures/prosody/start-prosody.ts";
import { startTcpProxy } from "../../fixtures/prosody/tcp-proxy.ts";
import { connectFriend } from "../../fixtures/prosody/xmpp-friend.ts";
import type { AdapterRig, RigOptions } from "./adapter-rig.ts";

export const xmppPassword = "xmpp-password-canary";

/** An account on a real Prosody, reached over a wire that can be cut, and a person with a client of their own. */
export async function makeXmppRig(options: RigOptions = {}): Promise<AdapterRig> {
  const prosody = await startProsody({ accounts: { box: xmppPassword, adacanary: "secret of ada" } });
  const proxy = await startTcpProxy(prosody.port);
  const bench = createChannelBench({ modules: [xmppModule], ...options });
  const server = { host: "127.0.0.1", port: proxy.port, tls: "none", keepAliveSeconds: 60 };
  const config = { jid: "box@localhost", password: xmppPassword, ...server };
  await bench.channels.add({ kind: "xmpp", name: "xmpp", policy: "anyone", config });
  await bench.start();
  await bench.untilConnected("xmpp");
  const ada = await connectFriend(prosody, "adacanary", "secret of ada");
  const acknowledged = (): number =>
    Math.max(0, ...[...proxy.sent().matchAll(/<a [^>]*h="(\d+)"/g)].map((match) => Number(match[1])));
  return {
    bench,
    channel: "xmpp",
    say: (id, text) =>
      ada.say(
        text,
        { id },
        xml("origin-id", { xmlns: "urn:xmpp:sid:0", id }),
        xml("request", { xmlns: "urn:xmpp:receipts" }),
      ),
    replies: () => ada.bodies().map((text) => ({ text })),
    acknowledgements: acknowledged,
    async breakConnection() {
      proxy.cut();
    },
    connections: () => ({ opened: proxy.connections, open: proxy.open }),
    swallowAnswers() {
      proxy.deafen();
      return {
        async restore() {
          proxy.release();
          proxy.cut();
        },
      };
    },
    sawTyping: () => ada.received.some((stanza) => stanza.getChild("composing") !== undefined),
    sawReceipt: () => ada.received.some((stanza) => stanza.getChild("received", "urn:xmpp:receipts") !== undefined),
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      await ada[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await prosody[Symbol.asyncDispose]();
    },
  };
}

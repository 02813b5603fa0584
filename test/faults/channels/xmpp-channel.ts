// SPDX-License-Identifier: AGPL-3.0-only
import { xml } from "@xmpp/client";
import { hasProsody, startProsody } from "../../fixtures/prosody/start-prosody.ts";
import { connectFriend } from "../../fixtures/prosody/xmpp-friend.ts";
import type { FaultChannel, FaultPeer } from "./fault-channel.ts";

/** A real Prosody between the box and a person with an XMPP client. What the box did not acknowledge, Prosody delivers again. */
export const xmppFaultChannel: FaultChannel = {
  name: "xmpp",
  missing: hasProsody ? undefined : "prosody is not installed",
  async prepare(home) {
    const prosody = await startProsody({
      accounts: { box: "box-password", ann: "ann-password" },
      hibernationSeconds: 2,
    });
    await home.command(
      [
        "channel",
        "add",
        "xmpp",
        "--name",
        "xmpp",
        "--jid",
        "box@localhost",
        "--password",
        "-",
        "--host",
        "127.0.0.1",
        "--port",
        String(prosody.port),
        "--tls",
        "none",
        "--anyone",
      ],
      "box-password",
    );
    return {
      async connect(): Promise<FaultPeer> {
        const friend = await connectFriend(prosody, "ann", "ann-password");
        const said: string[] = [];
        return {
          say(id, text) {
            said.push(id);
            void friend.say(text, { id }, xml("origin-id", { xmlns: "urn:xmpp:sid:0", id }));
          },
          // XMPP chats have no "in reply to": the tests say one thing at a time, and what comes answers the latest.
          repliesTo: (id) => (said.at(-1) === id ? friend.bodies().slice(said.length - 1) : []),
          reconnect: async () => undefined,
          [Symbol.asyncDispose]: () => friend[Symbol.asyncDispose](),
        };
      },
      [Symbol.asyncDispose]: () => prosody[Symbol.asyncDispose](),
    };
  },
};

// SPDX-License-Identifier: AGPL-3.0-only
import { createWebChat, type WebChat, webChatManifest } from "../../../appliance/messaging/adapters/web-chat/index.ts";
import { systemClock } from "../../../shared/clock/index.ts";
import { createId } from "../../../shared/ids/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { createChannelBench } from "../../fixtures/messaging/channel-bench.ts";
import { openGate } from "../../fixtures/messaging/message-bench.ts";
import { createWebChatTab } from "../../fixtures/messaging/web-chat-tab.ts";
import type { AdapterRig, RigOptions } from "./adapter-rig.ts";

/** The web chat with a tab that does what the console's page does: resumes with what it has, and sends again what was not accepted. */
export async function makeWebChatRig(options: RigOptions = {}): Promise<AdapterRig> {
  const person = createId("person");
  let webChat: WebChat | undefined;
  const bench = createChannelBench({
    modules: [],
    ...options,
    router: { gateway: { admit: (question) => ({ ...openGate(question), person }) as ReturnType<typeof openGate> } },
    builtIn(router, storage, vault) {
      const { logger = silentLogger, reached = () => undefined } = options;
      webChat = createWebChat({ storage, vault, router, clock: systemClock, logger, reached });
      return [{ name: webChatManifest.id, manifest: webChatManifest, adapter: webChat.adapter }];
    },
  });
  bench.data.vault.createKey(person);
  await bench.start();
  const conversation = "c1";
  const replies: { sequence: number; text: string }[] = [];
  let seen = 0;
  let accepted = 0;
  let sawTyping = false;
  let tab: ReturnType<typeof createWebChatTab> | undefined;
  let tabOf: WebChat | undefined;

  /** Takes in what the page would show: messages that are new by their sequence. */
  function read(): void {
    for (const message of tab?.received.splice(0) ?? []) {
      if (message.type === "accepted") accepted += 1;
      if (message.type === "turn-started") sawTyping = true;
      if (message.type !== "message" || message.message.sequence <= seen) continue;
      seen = message.message.sequence;
      if (message.message.direction === "out") replies.push({ sequence: seen, text: message.message.text });
    }
  }
  async function openTab(): Promise<void> {
    if (webChat === undefined) throw new Error("the box was not made");
    read();
    tab?.drop();
    tabOf = webChat;
    tab = createWebChatTab(webChat, person);
    await tab.say({ type: "resume", conversation, afterSequence: seen });
  }
  await openTab();

  return {
    bench,
    channel: webChatManifest.id,
    async say(id, text) {
      if (tabOf !== webChat) await openTab();
      await tab?.say({ type: "send", id, conversation, text });
    },
    replies: () => {
      read();
      return replies;
    },
    acknowledgements: () => {
      read();
      return accepted;
    },
    async breakConnection() {
      await openTab();
    },
    connections: () => ({ opened: 0, open: tab?.closed() === undefined ? 1 : 0 }),
    sawTyping: () => sawTyping,
    sawReceipt: () => false,
    async [Symbol.asyncDispose]() {
      tab?.drop();
      await bench[Symbol.asyncDispose]();
    },
  };
}

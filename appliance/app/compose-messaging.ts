// SPDX-License-Identifier: AGPL-3.0-only
import { systemClock } from "../../shared/clock/index.ts";
import type { Gateway } from "../gateway/access-control/index.ts";
import { apiManifest, createApiAdapter } from "../messaging/adapters/api/index.ts";
import { createWebChat, type WebChat, webChatManifest } from "../messaging/adapters/web-chat/index.ts";
import { webhookModule } from "../messaging/adapters/webhook/index.ts";
import { xmppModule } from "../messaging/adapters/xmpp/index.ts";
import { type ChannelManager, createChannelManager, createChannelStore } from "../messaging/channels/index.ts";
import { createQueueView, type QueueView } from "../messaging/queues/index.ts";
import { createRouter, type Router } from "../messaging/router/index.ts";
import type { AnsweringParts, ComposeBase } from "./compose-answering.ts";
import { countedChannel } from "./counted-channel.ts";

/** The parts that messages pass through. */
export interface MessagingParts {
  readonly router: Router;
  readonly webChat: WebChat;
  readonly channels: ChannelManager;
  readonly queues: QueueView;
}

/** Puts together the message path: router, channels and the chat of the console. */
export function composeMessaging(
  { data, logger, metrics }: ComposeBase,
  { agent, reached }: AnsweringParts,
): MessagingParts {
  const { storage, vault, gateway } = data;
  const clock = systemClock;
  const store = createChannelStore(storage, vault, clock);
  const router = createRouter({
    storage,
    vault,
    gateway,
    agent,
    clock,
    logger: logger.child("router"),
    reached,
    policyOf: (channel) => store.policyOf(channel),
    observe: (count) => metrics.countMessage(count),
  });
  const webChat = createWebChat({ storage, vault, router, clock, logger: logger.child("web-chat"), reached });
  const channels = createChannelManager(
    {
      store,
      storage,
      vault,
      router,
      clock,
      logger: logger.child("channels"),
      reached,
      fetch: (url, init) => fetch(url, init),
      knows: (channel, address) => isKnown(gateway, channel, address),
    },
    {
      modules: [xmppModule, webhookModule].map((module) => countedChannel(module, metrics)),
      builtIn: [
        { name: webChatManifest.id, manifest: webChatManifest, adapter: webChat.adapter },
        { name: apiManifest.id, manifest: apiManifest, adapter: createApiAdapter() },
      ],
    },
  );
  return { router, webChat, channels, queues: createQueueView(storage) };
}

/** Whether an address belongs to somebody who may talk; asked when a stranger wants to see the box's presence, seldom. */
function isKnown({ people }: Pick<Gateway, "people">, channel: string, address: string): boolean {
  return people
    .list()
    .some(
      (person) =>
        !person.isBlocked &&
        person.identities.some((identity) => identity.channel === channel && identity.address === address),
    );
}

// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import type { Conversations } from "../../agent/sessions/index.ts";
import type { People } from "../../gateway/access-control/index.ts";
import type { Audit } from "../../gateway/audit/index.ts";
import type { ApiServices, Channel, Conversation, ConversationMessage } from "../../lan/http-api/index.ts";
import type { ChannelManager, ChannelView } from "../../messaging/channels/index.ts";
import type { QueueView } from "../../messaging/queues/index.ts";
import { audited } from "./audited.ts";

/** The channels as the box API shows and changes them; each change is written to the audit log first. */
export function createChannelService(channels: ChannelManager, audit: Pick<Audit, "append">): ApiServices["channels"] {
  return {
    list: () => channels.list().map(toApiChannel),
    kinds: () =>
      channels.kinds().map(({ id, name, version, loginKinds, configSchema, capabilities }) => ({
        kind: id,
        name,
        version,
        loginKinds,
        configSchema,
        capabilities,
      })),
    async create({ kind, name, policy, config }, actor) {
      const event = { actor, action: "channel-adding", target: name, details: { kind, policy } };
      return toApiChannel(await audited(audit, event, () => channels.add({ kind, name, policy, config })));
    },
    async update(name, { policy, isEnabled, config }, actor) {
      const details = { policy, isEnabled, settings: Object.keys(config ?? {}) };
      const changes = {
        ...(policy === undefined ? {} : { policy }),
        ...(isEnabled === undefined ? {} : { isEnabled }),
        ...(config === undefined ? {} : { config }),
      };
      const event = { actor, action: "channel-changing", target: name, details };
      return toApiChannel(await audited(audit, event, () => channels.update(name, changes)));
    },
    remove: (name, actor) =>
      audited(audit, { actor, action: "channel-removing", target: name }, () => channels.remove(name)),
    restart: async (name, actor) =>
      toApiChannel(
        await audited(audit, { actor, action: "channel-restarting", target: name }, () => channels.restart(name)),
      ),
  };
}

function toApiChannel(view: ChannelView): Channel {
  return { ...view, config: { ...view.config }, secretsSet: [...view.secretsSet] };
}

const deliveries = {
  queued: "waiting",
  sending: "sending",
  accepted: "sent",
  unknown: "unknown",
  failed: "failed",
} as const;

/** Conversations of the agent with how their replies fared on their channels. */
export function createConversationService(
  conversations: Conversations,
  people: Pick<People, "list">,
  queues: QueueView,
): ApiServices["conversations"] {
  const names = (): Map<string, string> => new Map(people.list().map((person) => [person.id, person.name]));
  const toConversation = (
    summary: NonNullable<ReturnType<Conversations["find"]>>,
    personNames: Map<string, string>,
  ): Conversation => ({
    id: summary.id,
    channel: summary.channel,
    personId: summary.person,
    personName: personNames.get(summary.person) ?? null,
    lastMessageMs: summary.lastMessageMs,
    messageCount: summary.messageCount,
    isAnswering: summary.isAnswering,
  });
  return {
    list({ after, limit, personId }) {
      const personNames = names();
      const page = conversations.list(limit, after);
      const items = page.items.filter((summary) => personId === undefined || summary.person === personId);
      return { conversations: items.map((summary) => toConversation(summary, personNames)), next: page.next };
    },
    get(id, { after, limit }) {
      const summary = conversations.find(id);
      if (summary === undefined)
        throw new HearthError({ code: "conversation-not-found", message: "there is no conversation with this id" });
      const page = conversations.messages(id, limit, after);
      const messages = page.items.map((entry): ConversationMessage => {
        const base = { id: entry.id, direction: entry.direction, text: entry.text ?? "", atMs: entry.atMs };
        if (entry.direction === "in") return { ...base, state: entry.state };
        const delivery = queues.delivery(entry.inboxId);
        return {
          ...base,
          delivery:
            delivery === null
              ? "sent"
              : (delivery.receipt ??
                (delivery.state === "queued" && delivery.attempts > 0 ? "retrying" : deliveries[delivery.state])),
          sources: [...entry.sources],
          promptTokens: entry.promptTokens,
          cachedTokens: entry.cachedTokens,
          completionTokens: entry.completionTokens,
        };
      });
      return { conversation: toConversation(summary, names()), messages, next: page.next };
    },
  };
}

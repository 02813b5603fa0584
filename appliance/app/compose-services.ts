// SPDX-License-Identifier: AGPL-3.0-only
import { systemClock } from "../../shared/clock/index.ts";
import type { LogRing } from "../../shared/logging/index.ts";
import { guideModelId } from "../inference/model-store/index.ts";
import type { ApiServices } from "../lan/http-api/index.ts";
import type { Activity } from "../ops/metrics/index.ts";
import type { AnsweringParts, ComposeBase } from "./compose-answering.ts";
import { composeDoctor } from "./compose-doctor.ts";
import type { MessagingParts } from "./compose-messaging.ts";
import { createApiKeyService, createConsoleSessionService } from "./services/access-services.ts";
import { createKnowledgeService } from "./services/knowledge-service.ts";
import { createChannelService, createConversationService } from "./services/message-services.ts";
import { createModelService } from "./services/model-service.ts";
import { createAuditService, createDecisionService, createLogService } from "./services/oversight-services.ts";
import { createPairingService, createPeopleService } from "./services/people-service.ts";
import { createQueueService } from "./services/queue-service.ts";
import type { createSettingsService } from "./services/settings-service.ts";
import { createReadiness, createStatusService } from "./status-service.ts";

/** What the services of the box API stand on. */
export interface ServiceParts {
  readonly base: ComposeBase;
  readonly answering: AnsweringParts;
  readonly messaging: MessagingParts;
  readonly settings: ReturnType<typeof createSettingsService>;
  readonly activity: Activity;
  readonly ring: LogRing;
  readonly addresses: () => string[];
}

/** Adapts the modules of the box to what its HTTP API asks for. */
export function composeServices({
  base,
  answering,
  messaging,
  settings,
  activity,
  ring,
  addresses,
}: ServiceParts): ApiServices {
  const { config, data, metrics, isServing } = base;
  const { audit, gateway } = data;
  const { channels, queues, router, webChat } = messaging;
  const { models: store, knowledge } = answering;
  const { engine, builtin } = answering.chosen;
  const { people } = gateway;
  const startedMs = systemClock.now();
  return {
    people: createPeopleService(people, data.ownerId),
    pairing: createPairingService(gateway),
    apiKeys: createApiKeyService(data.apiKeys, people, data.limiter),
    chats: webChat,
    sessions: createConsoleSessionService(data.signIn, people),
    audit: createAuditService(audit),
    decisions: createDecisionService(gateway),
    channels: createChannelService(channels, audit),
    queues: createQueueService(queues, router, audit),
    models: createModelService({ store, builtin, engine, audit }),
    currentModel: () => {
      const id = engine.status().model;
      return id === undefined ? null : { id, isGuide: id === guideModelId };
    },
    knowledge: createKnowledgeService(knowledge, audit),
    conversations: createConversationService(data.conversations, people, queues),
    settings,
    activity,
    status: createStatusService({
      home: data.folder.home,
      isServing,
      startedMs,
      addresses,
      engine,
      channels,
      gateway,
      queues,
      settings,
    }),
    doctor: composeDoctor({ config, data, engine, models: store, channels, isServing }),
    logs: createLogService(ring),
    readiness: createReadiness(engine, isServing),
    metrics,
  };
}

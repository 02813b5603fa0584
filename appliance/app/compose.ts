// SPDX-License-Identifier: AGPL-3.0-only
import type { Sink } from "@logtape/logtape";
import { systemClock } from "../../shared/clock/index.ts";
import type { Service } from "../../shared/lifecycle/index.ts";
import { createLogger, createLogRing, fileSink, readLogFile } from "../../shared/logging/index.ts";
import { createKnowledge } from "../agent/knowledge/index.ts";
import { createConversations } from "../agent/sessions/index.ts";
import { createAgent } from "../agent/turns/index.ts";
import { createModelStore } from "../inference/model-store/index.ts";
import { resolveBundledFile } from "../inference/native-runtime/index.ts";
import { createConsoleRoutes, loadConsoleAssets } from "../lan/console/index.ts";
import { type ApiServices, createHttpApp, createHttpServer, type HttpConnection } from "../lan/http-api/index.ts";
import { apiManifest, createApiAdapter } from "../messaging/adapters/api/index.ts";
import { createWebChat, webChatManifest } from "../messaging/adapters/web-chat/index.ts";
import { webhookModule } from "../messaging/adapters/webhook/index.ts";
import { xmppModule } from "../messaging/adapters/xmpp/index.ts";
import { createChannelManager, createChannelStore } from "../messaging/channels/index.ts";
import { createQueueView } from "../messaging/queues/index.ts";
import { createRouter } from "../messaging/router/index.ts";
import { createActivity, createMetrics } from "../ops/metrics/index.ts";
import { createAbsentEngine } from "./absent-engine.ts";
import { composeDoctor } from "./compose-doctor.ts";
import type { AppConfig } from "./config.ts";
import { countedChannel } from "./counted-channel.ts";
import { createStepObserver } from "./crash-step.ts";
import { createEngine } from "./create-engine.ts";
import { dataFolder } from "./data-folder.ts";
import { installInChild } from "./install-native-files.ts";
import { measuredAgent } from "./measured-agent.ts";
import { measuredEngine } from "./measured-engine.ts";
import { type OpenData, openData } from "./open-data.ts";
import { createApiKeyService, createConsoleSessionService } from "./services/access-services.ts";
import { createKnowledgeService } from "./services/knowledge-service.ts";
import { createChannelService, createConversationService } from "./services/message-services.ts";
import { createModelService } from "./services/model-service.ts";
import { createAuditService, createDecisionService, createLogService } from "./services/oversight-services.ts";
import { createPairingService, createPeopleService } from "./services/people-service.ts";
import { createQueueService } from "./services/queue-service.ts";
import { createSettingsService } from "./services/settings-service.ts";
import { createReadiness, createStatusService } from "./status-service.ts";
import { createSupervisor } from "./supervisor.ts";
import { version } from "./version.ts";

/** The whole box in one object. */
export interface Appliance extends AsyncDisposable {
  /** Starts everything, in order. */
  start(signal: AbortSignal): Promise<void>;
  /** A request with the owner's rights, as over the control socket. */
  request(path: string, init: RequestInit): Promise<Response>;
}

/** How the box is put together. */
export interface ComposeOptions {
  /** False: for a command on the data folder of a box that is not running; nothing is started. */
  readonly isServing: boolean;
  /** Where log lines go besides the file. */
  readonly sinks: readonly Sink[];
}

const logRingLines = 2000;

/**
 * Puts the box together: the one place where modules meet. Opens the data folder; starts nothing.
 * @throws what {@link openData} throws.
 */
export async function composeAppliance(config: AppConfig, options: ComposeOptions): Promise<Appliance> {
  const folder = dataFolder(config.home);
  const ring = createLogRing(logRingLines);
  const sinks: Sink[] = [...options.sinks, ring.sink];
  const logger = createLogger({ sinks, level: config.logLevel, clock: systemClock, root: "hearth" });
  const data = openData(config, folder, logger);
  readLogFile(folder.logFile, ring);
  if (options.isServing) await installInChild(folder.home);
  const logFile = options.isServing ? fileSink(folder.logFile) : undefined;
  if (logFile !== undefined) sinks.push(logFile);
  try {
    const box = await composeBox(config, options.isServing, data, logger, ring);
    return {
      start: (signal) => box.supervisor.start(signal),
      request: async (path, init) =>
        box.handle(new Request(`http://localhost${path}`, init), { peer: { kind: "control-socket" }, isTls: false }),
      async [Symbol.asyncDispose]() {
        await box.supervisor.stop();
        data[Symbol.dispose]();
        logFile?.[Symbol.dispose]();
      },
    };
  } catch (thrown) {
    data[Symbol.dispose]();
    logFile?.[Symbol.dispose]();
    throw thrown;
  }
}

async function composeBox(
  config: AppConfig,
  isServing: boolean,
  data: OpenData,
  logger: ReturnType<typeof createLogger>,
  ring: ReturnType<typeof createLogRing>,
) {
  const { folder, storage, vault, audit, gateway, limiter } = data;
  const clock = systemClock;
  const metrics = createMetrics({ clock, facts: () => metricsFacts() });
  const guidePath = await resolveBundledFile("guide.gguf", { home: folder.home, logger: logger.child("native") });
  const models = createModelStore({ directory: folder.models, guidePath });
  const chosen = isServing
    ? createEngine(config, folder, models, logger, (purpose, bytes) => metrics.countEgress(purpose, bytes))
    : { engine: createAbsentEngine(), builtin: undefined };
  const reached = createStepObserver(config.crashAt, () => chosen.engine.status().processId);
  const engine = measuredEngine(chosen.engine, metrics);

  const knowledge = createKnowledge({ storage, vault, clock, logger: logger.child("knowledge") });
  const agent = measuredAgent(
    createAgent({ storage, vault, engine, knowledge, clock, logger: logger.child("agent"), reached }),
    metrics,
  );

  const channelStore = createChannelStore(storage, vault, clock);
  const router = createRouter({
    storage,
    vault,
    gateway,
    agent,
    clock,
    logger: logger.child("router"),
    reached,
    policyOf: (channel) => channelStore.policyOf(channel),
    observe: (count) => metrics.countMessage(count),
  });
  const webChat = createWebChat({ storage, vault, router, clock, logger: logger.child("web-chat"), reached });
  const channels = createChannelManager(
    {
      store: channelStore,
      storage,
      vault,
      router,
      clock,
      logger: logger.child("channels"),
      reached,
      fetch: (url, init) => fetch(url, init),
    },
    {
      modules: [xmppModule, webhookModule].map((module) => countedChannel(module, metrics)),
      builtIn: [
        { name: webChatManifest.id, manifest: webChatManifest, adapter: webChat.adapter },
        { name: apiManifest.id, manifest: apiManifest, adapter: createApiAdapter() },
      ],
    },
  );
  const queues = createQueueView(storage);
  const metricsFacts = () => {
    const { runningSequences, maxSequences, queuedRequests } = chosen.engine.status();
    const { inboxWaiting, outboxWaiting } = router.stats();
    return {
      runningSequences,
      maxSequences,
      queues: { engine: queuedRequests, inbox: inboxWaiting, outbox: outboxWaiting },
    };
  };
  const activity = createActivity({
    clock,
    engineFacts: () => chosen.engine.status(),
    takeFirstTokenTimes: () => metrics.takeFirstTokenTimes(),
    residentBytes: () => process.memoryUsage.rss(),
  });

  const settings = createSettingsService(data.settings, audit, storage);
  const baseUrl = (): string => `http://${shownHost(server.address().host)}:${server.address().port}`;
  const conversations = createConversations({ storage, vault, clock });
  const services: ApiServices = {
    people: createPeopleService({
      people: gateway.people,
      ownerId: data.ownerId,
      storage,
      erase: (person) => conversations.erase(person),
    }),
    pairing: createPairingService(gateway),
    apiKeys: createApiKeyService(data.apiKeys, gateway.people, limiter),
    chats: webChat,
    sessions: createConsoleSessionService(data.signIn, gateway.people),
    audit: createAuditService(audit),
    decisions: createDecisionService(gateway),
    channels: createChannelService(channels, audit),
    queues: createQueueService(queues, router, audit),
    models: createModelService({ store: models, builtin: chosen.builtin, engine: chosen.engine, audit }),
    knowledge: createKnowledgeService(knowledge, audit),
    conversations: createConversationService(conversations, gateway.people, queues),
    settings,
    activity,
    status: createStatusService({
      home: folder.home,
      isServing,
      startedMs: clock.now(),
      addresses: () => (isServing ? [baseUrl()] : []),
      engine: chosen.engine,
      channels,
      gateway,
      queues,
      settings,
    }),
    doctor: composeDoctor({ config, data, engine: chosen.engine, channels, isServing }),
    logs: createLogService(ring),
    readiness: createReadiness(chosen.engine, isServing),
    metrics,
  };
  const app = createHttpApp(
    { services, engine, router, clock, logger: logger.child("http") },
    {
      hostPolicy: () => ({ listenHost: config.listen.host, allowedHosts: settings.read().allowedHosts }),
      handleHook: (name, request) => channels.handleHook(name, request),
      ...(isServing ? { console: createConsoleRoutes(await loadConsoleAssets()) } : {}),
      version,
      baseUrl,
    },
  );
  const handle = (request: Request, connection: HttpConnection) => app.fetch(request, connection);
  const server = createHttpServer(
    { handle, openChat: (socket, caller) => webChat.connect(caller.person.id, socket), logger: logger.child("http") },
    { listen: config.listen, controlSocketPath: folder.socket },
  );
  // The engine and the texts first, since they answer; then who sends; then who connects; last the door.
  const running: readonly Service[] = isServing
    ? [...("start" in chosen.engine ? [chosen.engine] : []), knowledge, router, channels, activity, server]
    : [];
  if (!isServing) await knowledge.start(new AbortController().signal);
  return { supervisor: createSupervisor(running, logger.child("supervisor")), handle };
}

/** An address that a browser can open: every interface is reached through loopback from this machine. */
function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

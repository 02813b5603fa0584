// SPDX-License-Identifier: AGPL-3.0-only
import type { Sink } from "@logtape/logtape";
import { systemClock } from "../../shared/clock/index.ts";
import type { Service } from "../../shared/lifecycle/index.ts";
import { createLogger, createLogRing, fileSink, type LogRing, readLogFile } from "../../shared/logging/index.ts";
import type { Engine } from "../inference/engine/index.ts";
import { createConsoleRoutes, loadConsoleAssets } from "../lan/console/index.ts";
import { createHttpApp, createHttpServer, type HttpConnection } from "../lan/http-api/index.ts";
import { createActivity, createMetrics, type Metrics, type MetricsFacts } from "../ops/metrics/index.ts";
import { type AnsweringParts, type ComposeBase, composeAnswering } from "./compose-answering.ts";
import { composeMessaging, type MessagingParts } from "./compose-messaging.ts";
import { composeServices } from "./compose-services.ts";
import type { AppConfig } from "./config.ts";
import { dataFolder } from "./data-folder.ts";
import { installInChild } from "./install-native-files.ts";
import { openData } from "./open-data.ts";
import { createSettingsService } from "./services/settings-service.ts";
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
    const box = await composeBox({ config, data, logger, isServing: options.isServing }, ring);
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

async function composeBox(base: Omit<ComposeBase, "metrics">, ring: LogRing) {
  const { config, data, logger, isServing } = base;
  const metrics: Metrics = createMetrics({ clock: systemClock, facts: () => facts(answering, messaging) });
  const answering = await composeAnswering({ ...base, metrics });
  const messaging = composeMessaging({ ...base, metrics }, answering);
  const { engine, knowledge, chosen } = answering;
  const { router, channels, webChat } = messaging;
  const activity = createActivity({
    clock: systemClock,
    engineFacts: () => chosen.engine.status(),
    takeFirstTokenTimes: () => metrics.takeFirstTokenTimes(),
    residentBytes: () => process.memoryUsage.rss(),
  });
  const settings = createSettingsService(data.settings, data.audit, data.storage);
  const baseUrl = (): string => `http://${shownHost(server.address().host)}:${server.address().port}`;
  const addresses = (): string[] => (isServing ? [baseUrl()] : []);
  const services = composeServices({
    base: { ...base, metrics },
    answering,
    messaging,
    settings,
    activity,
    ring,
    addresses,
  });
  const app = createHttpApp(
    { services, engine, router, clock: systemClock, logger: logger.child("http") },
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
    { listen: config.listen, controlSocketPath: data.folder.socket },
  );
  // The engine and the texts first, since they answer; then who sends; then who connects; last the door.
  const engineService = "start" in chosen.engine ? [chosen.engine as Engine & Service] : [];
  const running: readonly Service[] = isServing
    ? [...engineService, knowledge, router, channels, activity, server]
    : [];
  if (!isServing) await knowledge.start(new AbortController().signal);
  return { supervisor: createSupervisor(running, logger.child("supervisor")), handle };
}

function facts({ chosen }: AnsweringParts, { router }: MessagingParts): MetricsFacts {
  const { runningSequences, maxSequences, queuedRequests } = chosen.engine.status();
  const { inboxWaiting, outboxWaiting } = router.stats();
  return {
    runningSequences,
    maxSequences,
    queues: { engine: queuedRequests, inbox: inboxWaiting, outbox: outboxWaiting },
  };
}

/** An address that a browser can open: every interface is reached through loopback from this machine. */
function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type {
  Activity,
  ApiKey,
  AuditList,
  Channel,
  ChannelKindList,
  ConversationDetail,
  ConversationList,
  DecisionList,
  DoctorReport,
  KnowledgeList,
  LogList,
  Model,
  ModelInspection,
  Pairing,
  Person,
  Queues,
  Settings,
  Status,
} from "../../../appliance/lan/http-api/index.ts";
import { channels, kinds, people } from "./sample-channels.ts";
import { conversation, doctor, inspection, knowledge, models } from "./sample-content.ts";

/** What the box of the console's tests holds. Each test has its own; writes change it. */
export interface BoxData {
  status: Status;
  channels: Channel[];
  kinds: ChannelKindList;
  people: Person[];
  pairings: Pairing[];
  keys: ApiKey[];
  models: Model[];
  inspection: ModelInspection;
  knowledge: KnowledgeList["sources"];
  conversations: ConversationList;
  conversation: ConversationDetail;
  activity: Activity;
  decisions: DecisionList;
  queues: Queues;
  audit: AuditList;
  settings: Settings;
  doctor: DoctorReport;
  logs: LogList;
}

const minuteMs = 60_000;

function activity(nowMs: number): Activity {
  const points: Activity["points"] = [];
  for (let index = 0; index < 450; index++) {
    const wave = Math.max(0, Math.sin(index / 28) + 0.35 * Math.sin(index / 5));
    const isIdle = wave === 0;
    points.push({
      atMs: nowMs - (450 - index) * 2000,
      decodeTokensPerSecond: Math.round(wave * 90 * 10) / 10,
      prefillTokensPerSecond: Math.round(wave * 420),
      timeToFirstTokenP50Ms: isIdle ? null : Math.round(60 + 90 * wave),
      timeToFirstTokenP95Ms: isIdle ? null : Math.round(120 + 200 * wave),
      queued: Math.round(Math.max(0, wave - 0.8) * 6),
      running: Math.round(wave * 4),
      memoryBytes: 92_000_000 + Math.round(index * 6000),
      engineMemoryBytes: 78_000_000 + Math.round(wave * 9_000_000),
    });
  }
  return { resolutionMs: 2000, points };
}

function status(nowMs: number): Status {
  return {
    name: "Corner shop",
    version: "0.1.0",
    startedMs: nowMs - 190 * minuteMs,
    nowMs,
    isReady: true,
    isRunning: true,
    home: "/var/lib/hearth",
    addresses: ["http://192.168.1.20:7411", "http://hearth-1a2b.local:7411"],
    engine: {
      backend: "builtin",
      state: "ready",
      model: "guide",
      runningSequences: 2,
      queuedRequests: 0,
      maxSequences: 16,
      threads: 4,
      restarts: 0,
      decodeTokensPerSecond: 86.4,
      prefillTokensPerSecond: 410,
      memoryBytes: 81_000_000,
    },
    memoryBytes: 94_000_000,
    channels: { total: 3, online: 2, failing: 1 },
    people: 3,
    pendingPairings: 1,
    queues: { inboxWaiting: 0, outboxWaiting: 1, deadLetters: 1, unknown: 0 },
  };
}

/** A box in daily use, some of it in need of somebody. */
export function busyBox(nowMs: number): BoxData {
  const detail = conversation(nowMs);
  return {
    status: status(nowMs),
    channels: channels(nowMs),
    kinds: kinds(),
    people: people(nowMs),
    pairings: [
      {
        id: "pai_1",
        channel: "xmpp",
        address: "carol@example.org",
        displayName: "Carol",
        requestedMs: nowMs - 4 * minuteMs,
        expiresMs: nowMs + 56 * minuteMs,
      },
    ],
    keys: [
      {
        id: "key_1",
        name: "Till of the shop",
        scopes: ["agent"],
        personId: "per_1",
        createdMs: nowMs - 900 * minuteMs,
        expiresMs: null,
        lastUsedMs: nowMs - 30 * minuteMs,
      },
    ],
    models: models(),
    inspection: inspection(),
    knowledge: knowledge(nowMs),
    conversations: { conversations: [detail.conversation], next: null },
    conversation: detail,
    activity: activity(nowMs),
    decisions: {
      decisions: [
        {
          atMs: nowMs - minuteMs,
          channel: "xmpp",
          sender: "Bo Lin",
          isAllowed: true,
          reason: "known-person",
          explanation: "bo@shop.example belongs to Bo Lin, a member.",
          findings: [],
        },
        {
          atMs: nowMs - 4 * minuteMs,
          channel: "xmpp",
          sender: "carol@example.org",
          isAllowed: false,
          reason: "pairing-offered",
          explanation: "The sender is unknown and the channel's policy is pairing: a code was sent.",
          findings: ["bidi-controls-removed"],
        },
      ],
    },
    queues: {
      inbox: { waiting: 0, answering: 2, oldestMs: null },
      outbox: { waiting: 1, sending: 0, retrying: 1, unknown: 0 },
      dead: [
        {
          id: "out_9",
          direction: "out",
          channel: "till",
          attempts: 12,
          code: "callback-gone",
          message: "the callback answered 410",
          atMs: nowMs - 700 * minuteMs,
        },
      ],
    },
    audit: {
      entries: [
        {
          sequence: 41,
          atMs: nowMs - 900 * minuteMs,
          actor: "per_1",
          action: "api-key-created",
          target: "key_1",
          details: {},
          hash: "00",
        },
      ],
      next: null,
    },
    settings: { boxName: "Corner shop", language: "en", allowedHosts: ["hearth-1a2b.local"] },
    doctor: doctor(),
    logs: {
      lines: [
        {
          sequence: 1,
          atMs: nowMs - 2 * minuteMs,
          level: "info",
          module: "engine",
          event: "turn-ended",
          fields: { tokens: 17, milliseconds: 240 },
        },
        {
          sequence: 2,
          atMs: nowMs - minuteMs,
          level: "warn",
          module: "webhook",
          event: "callback-failed",
          fields: { status: 503, attempt: 3 },
        },
      ],
      next: 2,
    },
  };
}

/** A box that was started for the first time. */
export function newBox(nowMs: number): BoxData {
  const busy = busyBox(nowMs);
  return {
    ...busy,
    status: {
      ...busy.status,
      name: "Hearth",
      channels: { total: 1, online: 1, failing: 0 },
      people: 1,
      pendingPairings: 0,
      queues: { inboxWaiting: 0, outboxWaiting: 0, deadLetters: 0, unknown: 0 },
      engine: { ...busy.status.engine, runningSequences: 0, decodeTokensPerSecond: 0 },
    },
    channels: busy.channels.filter((channel) => channel.isBuiltIn),
    people: busy.people.slice(0, 1),
    pairings: [],
    keys: [],
    models: busy.models.slice(0, 1),
    knowledge: busy.knowledge.slice(0, 1),
    conversations: { conversations: [], next: null },
    activity: { resolutionMs: 2000, points: [] },
    decisions: { decisions: [] },
    queues: {
      inbox: { waiting: 0, answering: 0, oldestMs: null },
      outbox: { waiting: 0, sending: 0, retrying: 0, unknown: 0 },
      dead: [],
    },
    audit: { entries: [], next: null },
    logs: { lines: [], next: 0 },
  };
}

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

const plainText = { type: "string" } as const;

function kinds(): ChannelKindList {
  return {
    kinds: [
      {
        kind: "xmpp",
        name: "XMPP",
        version: "1.0.0",
        loginKinds: ["password"],
        configSchema: {
          type: "object",
          properties: {
            jid: plainText,
            password: { type: "string", format: "password" },
            host: plainText,
            tls: { type: "string", enum: ["starttls", "direct", "none"], default: "starttls" },
            caCertificate: { type: "string", maxLength: 65_536 },
            rooms: { type: "array", items: { type: "object" }, default: [] },
          },
          required: ["jid", "password"],
        },
        capabilities: {},
      },
      {
        kind: "webhook",
        name: "Webhook",
        version: "1.0.0",
        loginKinds: ["token"],
        configSchema: {
          type: "object",
          properties: {
            secret: { type: "string", format: "password" },
            callback: { type: "string", format: "uri", description: "URL that replies are posted to" },
          },
          required: ["secret"],
        },
        capabilities: {},
      },
    ],
  };
}

function channels(nowMs: number): Channel[] {
  const base = { isEnabled: true, config: {}, secretsSet: [], pending: 0 };
  return [
    {
      ...base,
      name: "web-chat",
      kind: "web-chat",
      policy: "closed",
      isBuiltIn: true,
      connection: { status: "online" },
      lastReceivedMs: nowMs - 3 * minuteMs,
    },
    {
      ...base,
      name: "xmpp",
      kind: "xmpp",
      policy: "pairing",
      isBuiltIn: false,
      connection: { status: "online" },
      config: { jid: "agent@shop.example" },
      secretsSet: ["password"],
      lastReceivedMs: nowMs - 12 * minuteMs,
    },
    {
      ...base,
      name: "till",
      kind: "webhook",
      policy: "anyone",
      isBuiltIn: false,
      connection: {
        status: "degraded",
        code: "callback-refused",
        message: "the callback http://till.shop.example/hearth answered 503; the reply is sent again",
        retryAtMs: nowMs + minuteMs,
      },
      config: { callback: "http://till.shop.example/hearth" },
      secretsSet: ["secret"],
      lastReceivedMs: null,
      pending: 1,
    },
  ];
}

function people(nowMs: number): Person[] {
  const createdMs = nowMs - 5000 * minuteMs;
  return [
    { id: "per_1", name: "Ada", role: "owner", isBlocked: false, createdMs, lastSeenMs: nowMs, identities: [] },
    {
      id: "per_2",
      name: "Bo Lin",
      role: "member",
      isBlocked: false,
      createdMs,
      lastSeenMs: nowMs - 12 * minuteMs,
      identities: [{ channel: "xmpp", address: "bo@shop.example" }],
    },
    {
      id: "per_3",
      name: "Spammer",
      role: "guest",
      isBlocked: true,
      createdMs,
      lastSeenMs: null,
      identities: [{ channel: "till", address: "+49 30 0000000" }],
    },
  ];
}

function models(): Model[] {
  const base = { isLoaded: false, isGuide: false, isDefault: false, canEmbed: false, canCallTools: false };
  return [
    {
      ...base,
      id: "guide",
      parameterCount: 9_400_000,
      sizeBytes: 5_600_000,
      quantization: "Q4_K_M",
      contextTokens: 2048,
      isLoaded: true,
      isGuide: true,
      isDefault: true,
      licence: "AGPL-3.0-only",
    },
    {
      ...base,
      id: "qwen3-4b-instruct",
      path: "/var/lib/hearth/models/qwen3-4b-instruct-q4_k_m.gguf",
      parameterCount: 4_020_000_000,
      sizeBytes: 2_500_000_000,
      quantization: "Q4_K_M",
      contextTokens: 8192,
      canCallTools: true,
      licence: "Apache-2.0",
    },
  ];
}

function inspection(): ModelInspection {
  return {
    id: "qwen3-4b-instruct",
    architecture: "qwen3",
    parameterCount: 4_020_000_000,
    sizeBytes: 2_500_000_000,
    quantization: "Q4_K_M",
    trainedContextTokens: 262_144,
    layers: 36,
    hasChatTemplate: true,
    canEmbed: false,
    canCallTools: true,
    licence: "Apache-2.0",
    memory: {
      weightsBytes: 2_500_000_000,
      contextBytes: 1_200_000_000,
      neededBytes: 3_900_000_000,
      availableBytes: 6_100_000_000,
      contextTokens: 8192,
      fits: true,
    },
    problems: ["the context is cut from 262,144 to 8,192 tokens to fit the memory"],
  };
}

function knowledge(nowMs: number): KnowledgeList["sources"] {
  return [
    {
      id: "handbook",
      title: "Handbook",
      kind: "handbook",
      passages: 118,
      sizeBytes: 41_000,
      addedMs: 0,
      isRemovable: false,
    },
    {
      id: "kno_1",
      title: "Opening hours",
      kind: "text",
      passages: 4,
      sizeBytes: 900,
      addedMs: nowMs - 900 * minuteMs,
      isRemovable: true,
    },
  ];
}

function conversation(nowMs: number): ConversationDetail {
  return {
    conversation: {
      id: "xmpp:bo@shop.example",
      channel: "xmpp",
      personId: "per_2",
      personName: "Bo Lin",
      lastMessageMs: nowMs - 12 * minuteMs,
      messageCount: 4,
      isAnswering: true,
    },
    messages: [
      { id: "m4", direction: "in", text: "And on Sundays?", atMs: nowMs - 12 * minuteMs, state: "answering" },
      {
        id: "m3",
        direction: "out",
        text: "We are open **Monday to Friday from 9 to 18 o'clock**.",
        atMs: nowMs - 13 * minuteMs,
        delivery: "delivered",
        sources: ["When are you open?"],
        promptTokens: 412,
        cachedTokens: 380,
        completionTokens: 17,
      },
      { id: "m2", direction: "in", text: "When are you open?", atMs: nowMs - 13.5 * minuteMs, state: "answered" },
      { id: "m1", direction: "out", text: "Hello, Bo Lin.", atMs: nowMs - 20 * minuteMs, delivery: "failed" },
    ],
    next: null,
  };
}

function doctor(): DoctorReport {
  return {
    status: "warn",
    checks: [
      {
        id: "native-library",
        status: "ok",
        what: { en: "The native library is whole.", zh: "原生库完好。" },
      },
      {
        id: "disk",
        status: "warn",
        what: { en: "2.1 GB free on the disk of the data folder.", zh: "数据文件夹所在磁盘剩余 2.1 GB。" },
        why: { en: "A bigger model needs more.", zh: "更大的模型需要更多空间。" },
        fix: { en: "Remove models that nobody uses.", zh: "删除没人用的模型。" },
      },
    ],
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

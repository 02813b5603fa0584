// SPDX-License-Identifier: AGPL-3.0-only
import type {
  ConversationDetail,
  DoctorReport,
  KnowledgeList,
  Model,
  ModelInspection,
} from "../../../appliance/lan/http-api/index.ts";

const minuteMs = 60_000;

/** The guide model and a bigger one. */
export function models(): Model[] {
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

/** What the bigger model says about itself. */
export function inspection(): ModelInspection {
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

/** The handbook and a text that was added. */
export function knowledge(nowMs: number): KnowledgeList["sources"] {
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

/** A conversation with a reply that failed and a question that is being answered; the latest first, as the box sends it. */
export function conversation(nowMs: number): ConversationDetail {
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

/** A report with a warning. */
export function doctor(): DoctorReport {
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

// SPDX-License-Identifier: AGPL-3.0-only
import type { StepRecord } from "../../scheduler/index.ts";
import type {
  ChatMessage,
  EngineErrorCode,
  FinishReason,
  GenerateRequest,
  TokenLogprob,
  ToolCall,
  Usage,
} from "../types.ts";

/** How the child loads its model. */
export interface LoadOrder {
  readonly nativeDirectory: string;
  readonly modelPath: string;
  readonly modelId: string;
  readonly sequences: number;
  readonly contextTokens: number;
  readonly batchTokens: number;
  /** Absent: measure these candidates first. */
  readonly threads?: number;
  readonly threadCandidates: readonly number[];
  /** Name of node-llama-cpp's chat wrapper, as resolved at an earlier start; absent: resolve it (a few hundred ms). */
  readonly chatWrapper?: string;
  readonly canEmbed: boolean;
  /** Whether cells can be cut at any length: not for recurrent memory or a sliding window. */
  readonly canTrim: boolean;
  readonly defaultTemperature: number;
  readonly maxQueued: number;
  readonly maxWaitMs: number;
  /** Tokens a generation may be ahead of its reader. */
  readonly creditTokens: number;
}

/** From the box to the child. */
export type EngineOrder =
  | { readonly type: "load"; readonly order: LoadOrder }
  /** `replay`: tokens that an earlier child sampled; they are taken as said. */
  | { readonly type: "generate"; readonly request: GenerateRequest; readonly replay: readonly number[] }
  | { readonly type: "cancel"; readonly id: string }
  /** The reader took this many tokens more. */
  | { readonly type: "credit"; readonly id: string; readonly tokens: number }
  | { readonly type: "embed"; readonly id: string; readonly texts: readonly string[] }
  | { readonly type: "count"; readonly id: string; readonly messages: readonly ChatMessage[] }
  | { readonly type: "shutdown" };

/** What a loaded model turned out to be. */
export interface LoadedFacts {
  readonly threads: number;
  /** Tokens a second with each candidate, when they were measured. */
  readonly threadRates?: Readonly<Record<string, number>>;
  readonly chatWrapper: string;
  readonly contextTokens: number;
  readonly sequences: number;
  readonly vocabularySize: number;
  readonly contextBytes: number;
  readonly gpu: string | false;
  readonly canCopySequences: boolean;
}

/** One thing that happened to one generation within a step. */
export type GenerationNews =
  | { readonly id: string; readonly type: "queued"; readonly position: number; readonly predictedWaitMs: number }
  | { readonly id: string; readonly type: "started"; readonly promptTokens: number; readonly cachedTokens: number }
  /** Sampled tokens for the log, and the text they released. */
  | {
      readonly id: string;
      readonly type: "tokens";
      readonly tokens: readonly number[];
      readonly text: string;
      readonly logprobs?: readonly TokenLogprob[];
    }
  | { readonly id: string; readonly type: "tool-call"; readonly index: number; readonly call: ToolCall }
  | { readonly id: string; readonly type: "end"; readonly reason: FinishReason; readonly usage: Usage }
  | {
      readonly id: string;
      readonly type: "failed";
      readonly code: EngineErrorCode;
      readonly message: string;
      readonly retryAfterMs?: number;
    };

/** How the child is. */
export interface Beat {
  readonly memoryBytes: number;
  readonly runningSequences: number;
  readonly queuedRequests: number;
  readonly decodeStepMs: number;
  readonly prefillTokenMs: number;
  /** How long the native call now running has been running; 0 between calls. */
  readonly nativeCallMs: number;
  /** Longest time the child's event loop was held up since the last beat. */
  readonly lagMs: number;
  readonly prefixHitTokens: number;
}

/** From the child to the box. */
export type EngineReport =
  | { readonly type: "loaded"; readonly facts: LoadedFacts }
  | { readonly type: "load-failed"; readonly code: string; readonly message: string }
  | { readonly type: "news"; readonly news: readonly GenerationNews[]; readonly step?: StepRecord }
  | { readonly type: "beat"; readonly beat: Beat }
  | {
      readonly type: "embedded";
      readonly id: string;
      readonly vectors: readonly (readonly number[])[];
      readonly promptTokens: number;
    }
  | { readonly type: "counted"; readonly id: string; readonly tokens: number }
  | { readonly type: "answer-failed"; readonly id: string; readonly code: EngineErrorCode; readonly message: string };

// SPDX-License-Identifier: AGPL-3.0-only

/** One message of a chat, in the form every back-end understands. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  /** On `assistant`: the calls it made. */
  readonly toolCalls?: readonly ToolCall[];
  /** On `tool`: which call this answers. */
  readonly toolCallId?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text of the arguments. */
  readonly argumentsJson: string;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments, an object schema. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export type ToolChoice = "none" | "auto" | "required" | { readonly name: string };

/** How tokens are picked. Absent fields take the model's defaults. */
export interface Sampling {
  /** 0 is greedy. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly repeatPenalty?: number;
  /** Token id → bias in logits, -100…100. */
  readonly logitBias?: Readonly<Record<number, number>>;
}

/** One generation. Text in, events out. */
export interface GenerateRequest {
  /** Unique; names the generation in logs, cancels and replays. */
  readonly id: string;
  /** Whose share of the engine it uses: a person, an API key. */
  readonly tenant: string;
  readonly priority: "interactive" | "background";
  /** Model id; absent: the default model. */
  readonly model?: string;
  readonly input:
    | { readonly kind: "chat"; readonly messages: readonly ChatMessage[] }
    | { readonly kind: "text"; readonly prompt: string | readonly number[] };
  readonly sampling?: Sampling;
  /** At most this many tokens; absent: what the context still holds. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** Constrains the answer. */
  readonly format?: { readonly kind: "json" } | { readonly kind: "json-schema"; readonly schema: unknown };
  /** Return log probabilities of this many best tokens a position (0: of the chosen one only). */
  readonly topLogprobs?: number;
  /** Wall-clock milliseconds since the epoch after which nobody waits any more. */
  readonly deadlineMs?: number;
}

export interface Usage {
  readonly promptTokens: number;
  /** Of these, how many came out of the KV cache. */
  readonly cachedTokens: number;
  readonly completionTokens: number;
}

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top: readonly { readonly token: string; readonly logprob: number }[];
}

export type FinishReason = "stop" | "length" | "tool-calls" | "cancelled";

/** Codes of what can go wrong with a generation; the HTTP status that fits is in `lan/openai-api`. */
export type EngineErrorCode =
  | "queue-full"
  | "prompt-too-long"
  | "invalid-request"
  | "model-not-found"
  | "model-unavailable"
  | "engine-unavailable"
  | "decode-failed"
  | "deadline-exceeded";

/**
 * What a generation says. A stream never rejects: failure is its last event. Exactly one `end` or `failed` closes it.
 */
export type GenerateEvent =
  | { readonly type: "queued"; readonly position: number; readonly predictedWaitMs: number }
  | { readonly type: "started"; readonly model: string; readonly promptTokens: number; readonly cachedTokens: number }
  | { readonly type: "delta"; readonly text: string; readonly logprobs?: readonly TokenLogprob[] }
  | { readonly type: "tool-call"; readonly index: number; readonly call: ToolCall }
  /** The engine died and the generation goes on from its token log; nothing is said twice. */
  | { readonly type: "resumed"; readonly afterMs: number }
  | { readonly type: "end"; readonly reason: FinishReason; readonly usage: Usage }
  | {
      readonly type: "failed";
      readonly code: EngineErrorCode;
      readonly message: string;
      /** With `queue-full`: when it is worth trying again, milliseconds. */
      readonly retryAfterMs?: number;
    };

export interface ModelInfo {
  /** Name to ask for, such as `guide` or the file's stem. */
  readonly id: string;
  readonly path?: string;
  readonly architecture?: string;
  readonly parameterCount?: number;
  readonly sizeBytes?: number;
  readonly quantization?: string;
  /** Tokens one sequence can hold here. */
  readonly contextTokens: number;
  readonly isLoaded: boolean;
  /** The bundled guide: answers out of the passages it is shown, and nothing else. */
  readonly isGuide: boolean;
  readonly canEmbed: boolean;
  readonly canCallTools: boolean;
  readonly licence?: string;
  readonly createdMs?: number;
}

export interface EngineStatus {
  readonly backend: "builtin" | "openai";
  readonly state: "starting" | "ready" | "restarting" | "down";
  /** Why it is not ready, for an operator. */
  readonly problem?: string;
  readonly model?: string;
  readonly runningSequences: number;
  readonly queuedRequests: number;
  readonly maxSequences: number;
  readonly threads?: number;
  readonly restarts: number;
  /** Over the last ten seconds. */
  readonly decodeTokensPerSecond: number;
  readonly prefillTokensPerSecond: number;
  /** Resident bytes of the engine process. */
  readonly memoryBytes: number;
  readonly processId?: number;
}

/** One back-end that answers: the built-in child process, or any OpenAI-compatible server. */
export interface Engine {
  /**
   * Runs one generation. Cancelling `signal` (or leaving the loop) ends it within one step, in the queue and in
   * prefill too; what was generated until then has been said, and the last event is `end` with `cancelled`.
   */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
  /** One vector a text. @throws HearthError `invalid-request` when the model cannot embed. */
  embed(texts: readonly string[], model: string | undefined, signal: AbortSignal): Promise<EmbedResult>;
  /** How many tokens the messages take in the model's own template, the opening of the answer included. */
  countTokens(messages: readonly ChatMessage[], model?: string): Promise<number>;
  models(): Promise<readonly ModelInfo[]>;
  /** The default model. @throws HearthError `engine-unavailable`. */
  defaultModel(): Promise<ModelInfo>;
  status(): EngineStatus;
}

export interface EmbedResult {
  readonly model: string;
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
}

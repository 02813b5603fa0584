// SPDX-License-Identifier: AGPL-3.0-only
export type {
  ChatMessage,
  EmbedResult,
  Engine,
  EngineErrorCode,
  EngineStatus,
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  ModelInfo,
  Sampling,
  TokenLogprob,
  ToolCall,
  ToolChoice,
  ToolDefinition,
  Usage,
} from "./types.ts";

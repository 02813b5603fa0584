// SPDX-License-Identifier: AGPL-3.0-only

export type { EngineObserver } from "./observer.ts";
export { silentObserver } from "./observer.ts";
export type { BuiltinEngine } from "./parent/builtin-engine.ts";
export { createBuiltinEngine } from "./parent/builtin-engine.ts";
export { checkRequest } from "./parent/check-request.ts";
export type { BuiltinEngineDeps, BuiltinEngineOptions } from "./parent/engine-hub.ts";
export type { EngineProcess, EngineProcessHandlers, SpawnEngineProcess } from "./parent/engine-process.ts";
export { spawnEngineProcess } from "./parent/engine-process.ts";
export { runEngineChild } from "./run-engine-child.ts";
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

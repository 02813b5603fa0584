// SPDX-License-Identifier: AGPL-3.0-only
export type { HttpFailure } from "./http-failure.ts";
export { httpFailure, retryAfterMs } from "./http-failure.ts";
export { createOpenAiEngine } from "./openai-engine.ts";
export type { FetchPort, OpenAiEngineDeps, OpenAiEngineOptions } from "./server-connection.ts";
export type { SseLimits } from "./sse-reader.ts";
export { readServerSentEvents } from "./sse-reader.ts";

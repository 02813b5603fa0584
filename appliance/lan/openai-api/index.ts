// SPDX-License-Identifier: AGPL-3.0-only
export type { OpenAiHost } from "./create-openai-api.ts";
export { createOpenAiApi } from "./create-openai-api.ts";
export { describeIssue } from "./describe-issue.ts";
export type { OpenAiApiDeps, OpenAiApiOptions, OpenAiCaller } from "./openai-api-deps.ts";
export type { OpenAiFailure } from "./openai-failure.ts";
export { boxStops, failureResponse, tooBusy } from "./openai-failure.ts";
export type { SseOptions } from "./sse-response.ts";
export { sseResponse } from "./sse-response.ts";

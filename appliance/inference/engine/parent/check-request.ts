// SPDX-License-Identifier: AGPL-3.0-only
import type { GenerateRequest, Sampling } from "../types.ts";

const ranges: readonly (readonly [keyof Sampling, number, number])[] = [
  ["temperature", 0, 5],
  ["topP", 0, 1],
  ["topK", 0, 1_000_000],
  ["minP", 0, 1],
  ["presencePenalty", -2, 2],
  ["frequencyPenalty", -2, 2],
  ["repeatPenalty", 0.01, 10],
];

const mostStops = 16;
const mostStopCharacters = 1000;
const mostTools = 128;
const mostLogprobs = 20;

function checkSampling(sampling: Sampling): string | undefined {
  for (const [name, least, most] of ranges) {
    const value = sampling[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isFinite(value) || value < least || value > most) {
      return `${name} has to be a number from ${least} to ${most}`;
    }
  }
  if (sampling.seed !== undefined && !Number.isSafeInteger(sampling.seed)) return "seed has to be a whole number";
  for (const [token, bias] of Object.entries(sampling.logitBias ?? {})) {
    if (!/^\d{1,9}$/.test(token)) return "logit bias keys have to be token ids";
    if (!Number.isFinite(bias) || Math.abs(bias) > 100) return "logit biases have to lie between -100 and 100";
  }
  return undefined;
}

/** What is wrong with a request, as a sentence; undefined when nothing is. */
export function checkRequest(request: GenerateRequest): string | undefined {
  const { input, maxTokens, stop = [], tools = [], topLogprobs } = request;
  if (maxTokens !== undefined && (!Number.isInteger(maxTokens) || maxTokens < 1))
    return "maxTokens has to be at least 1";
  if (stop.length > mostStops) return `at most ${mostStops} stop texts are taken`;
  if (stop.some((text) => text === "" || text.length > mostStopCharacters)) {
    return `stop texts have 1 to ${mostStopCharacters} characters`;
  }
  if (input.kind === "chat" && input.messages.length === 0) return "there are no messages";
  if (tools.length > mostTools) return `at most ${mostTools} tools are taken`;
  const names = new Set(tools.map((tool) => tool.name));
  if (names.size < tools.length) return "two tools have the same name";
  if (tools.some((tool) => !/^[a-zA-Z0-9_.-]{1,128}$/.test(tool.name))) {
    return "tool names have 1 to 128 letters, digits, underscores, dots and hyphens";
  }
  if (tools.length > 0 && input.kind === "text") return "tools need a chat";
  if (topLogprobs !== undefined && (!Number.isInteger(topLogprobs) || topLogprobs < 0 || topLogprobs > mostLogprobs)) {
    return `topLogprobs has to be a whole number from 0 to ${mostLogprobs}`;
  }
  return checkSampling(request.sampling ?? {});
}

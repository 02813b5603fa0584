// SPDX-License-Identifier: AGPL-3.0-only
import { type ChatWrapper, LlamaText, SpecialToken } from "node-llama-cpp";
import { HearthError } from "../../../../shared/errors/index.ts";
import { jsonObjectGrammar } from "../text/gbnf.ts";
import { chatPrompt, type Prompt, textPrompt } from "../text/prompt.ts";
import { jsonSchemaGrammar } from "../text/schema-grammar.ts";
import { type CallSyntax, callGrammar, callSyntax } from "../text/tool-calls.ts";
import type { GenerateRequest, ToolDefinition } from "../types.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { FixedSampling } from "./sampler-config.ts";

/** A request in the terms of the loaded model: tokens, markers, grammars, limits. */
export interface PreparedRequest {
  readonly request: GenerateRequest;
  readonly promptTokens: readonly number[];
  readonly stopTexts: readonly string[];
  readonly stopTokens: readonly number[];
  readonly maxTokens: number;
  /** How many tokens such a generation usually has; for predictions. */
  readonly expectedTokens: number;
  readonly sampling: FixedSampling;
  readonly syntax: CallSyntax;
  /** `auto`: the model may open a call; `forced`: the prompt ends with the opening. */
  readonly toolMode: "none" | "auto" | "forced";
  readonly isParallel: boolean;
  readonly callGrammar: string | undefined;
  /** The grammar from the first token on. */
  readonly startGrammar: string | undefined;
  /** What surrounds thoughts that are not part of the answer. `isOpen`: the prompt has begun one. */
  readonly thought: { readonly begin: string; readonly end: string; readonly isOpen: boolean } | undefined;
}

const usualTokens = 256;

function textOf(text: string | LlamaText): string {
  return LlamaText(text)
    .values.map((value) => (typeof value === "string" ? value : value instanceof SpecialToken ? "" : value.value))
    .join("");
}

function thoughtOf(wrapper: ChatWrapper): PreparedRequest["thought"] {
  const thought = wrapper.settings.segments?.thought;
  if (thought?.suffix === undefined) return undefined;
  const { prefix } = thought;
  const isOpenedOnStart = typeof prefix === "object" && "type" in prefix;
  const begin = isOpenedOnStart ? "" : textOf(prefix).trim();
  return { begin, end: textOf(thought.suffix).trim(), isOpen: isOpenedOnStart };
}

function chosenTools(request: GenerateRequest): readonly ToolDefinition[] {
  const tools = request.tools ?? [];
  const choice = request.toolChoice ?? "auto";
  if (choice === "none") return [];
  if (typeof choice === "string") {
    if (choice === "required" && tools.length === 0) {
      throw new HearthError({ code: "invalid-request", message: "a tool call is required, but there are no tools" });
    }
    return tools;
  }
  const named = tools.filter((tool) => tool.name === choice.name);
  if (named.length > 0) return named;
  throw new HearthError({ code: "invalid-request", message: `the tool ${choice.name} is asked for, but not offered` });
}

function promptOf(loaded: LoadedModel, request: GenerateRequest, tools: readonly ToolDefinition[]): Prompt {
  if (request.input.kind === "text") return textPrompt(loaded.model, request.input.prompt, loaded.facts.vocabularySize);
  return chatPrompt(loaded.model, loaded.wrapper, request.input.messages, tools);
}

function formatGrammar(request: GenerateRequest): string | undefined {
  if (request.format === undefined) return undefined;
  return request.format.kind === "json" ? jsonObjectGrammar : jsonSchemaGrammar(request.format.schema);
}

function checkBiases(request: GenerateRequest, vocabularySize: number): void {
  for (const token of Object.keys(request.sampling?.logitBias ?? {})) {
    if (Number(token) < vocabularySize) continue;
    const message = `logit bias for token ${token}, but the vocabulary ends at ${vocabularySize - 1}`;
    throw new HearthError({ code: "invalid-request", message });
  }
}

function room(loaded: LoadedModel, promptTokens: number): number {
  const { contextTokens } = loaded.facts;
  if (promptTokens < contextTokens) return contextTokens - promptTokens;
  throw new HearthError({
    code: "prompt-too-long",
    message: `the prompt has ${promptTokens} tokens; this model's context holds ${contextTokens} with the answer`,
    remedy: "Shorten the conversation, or use a model with a longer context.",
    details: { promptTokens, contextTokens },
  });
}

/** No tokenizer in use makes longer tokens on average; what is longer than this cannot fit and is not even tokenised. */
const mostBytesPerToken = 64;

function checkSize(loaded: LoadedModel, request: GenerateRequest): void {
  const { input } = request;
  const texts = input.kind === "chat" ? input.messages.map((message) => message.content) : [input.prompt];
  const bytes = texts.reduce(
    (sum, text) => sum + (typeof text === "string" ? Buffer.byteLength(text) : text.length),
    0,
  );
  const { contextTokens } = loaded.facts;
  if (bytes <= contextTokens * mostBytesPerToken) return;
  throw new HearthError({
    code: "prompt-too-long",
    message: `the prompt has ${bytes} bytes; this model's context holds ${contextTokens} tokens with the answer`,
    remedy: "Shorten the conversation, or use a model with a longer context.",
  });
}

/**
 * Works out everything that a generation needs before its first step.
 * @throws HearthError `invalid-request` or `prompt-too-long`, with the numbers.
 */
export function prepareRequest(loaded: LoadedModel, request: GenerateRequest): PreparedRequest {
  const tools = chosenTools(request);
  const syntax = callSyntax(loaded.wrapper);
  const choice = request.toolChoice ?? "auto";
  const toolMode = tools.length === 0 ? "none" : choice === "auto" ? "auto" : "forced";
  const isParallel = request.parallelToolCalls !== false && typeof choice === "string";
  const grammar = tools.length === 0 ? undefined : callGrammar(syntax, tools, isParallel);
  const format = formatGrammar(request);
  checkBiases(request, loaded.facts.vocabularySize);
  checkSize(loaded, request);
  const prompt = promptOf(loaded, request, tools);
  const opening = toolMode === "forced" ? loaded.vocabulary.tokenize(syntax.opening, true) : [];
  const promptTokens = [...prompt.tokens, ...opening];
  const space = room(loaded, promptTokens.length);
  const maxTokens = Math.max(1, Math.min(request.maxTokens ?? space, space));
  const isConstrained = toolMode === "forced" || format !== undefined;
  return {
    request: { ...request, tools },
    promptTokens,
    stopTexts: [...(request.stop ?? []), ...prompt.stopTexts].filter((text) => text !== ""),
    stopTokens: prompt.stopTokens,
    maxTokens,
    expectedTokens: Math.min(maxTokens, usualTokens),
    sampling: { temperature: loaded.order.defaultTemperature, seed: 0, ...request.sampling },
    syntax,
    toolMode: toolMode === "auto" && format !== undefined ? "none" : toolMode,
    isParallel,
    callGrammar: grammar,
    startGrammar: toolMode === "forced" ? grammar : format,
    thought: isConstrained || request.input.kind === "text" ? undefined : thoughtOf(loaded.wrapper),
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import {
  type ChatModelFunctions,
  type ChatWrapper,
  type LlamaModel,
  type LlamaText,
  SpecialToken,
  SpecialTokensText,
} from "node-llama-cpp";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { ChatMessage, ToolDefinition } from "../types.ts";
import { toChatHistory } from "./chat-history.ts";

/** A prompt in tokens, and which texts and tokens end the answer to it. */
export interface Prompt {
  readonly tokens: readonly number[];
  readonly stopTexts: readonly string[];
  readonly stopTokens: readonly number[];
}

function availableFunctions(tools: readonly ToolDefinition[]): ChatModelFunctions {
  const functions: Record<string, { description?: string; params?: object }> = {};
  for (const tool of tools) {
    functions[tool.name] = {
      ...(tool.description === undefined ? {} : { description: tool.description }),
      ...(tool.parameters === undefined ? {} : { params: documentable(tool.parameters) }),
    };
  }
  // The schema only documents the tool here; what is generated is held to it by our own grammar.
  return functions as ChatModelFunctions;
}

/** node-llama-cpp documents a subset of JSON Schema; what it does not know is left out of the documentation. */
function documentable(schema: unknown): object {
  if (typeof schema !== "object" || schema === null) return {};
  const { anyOf, oneOf, type, properties, items, description, enum: choices } = schema as Record<string, unknown>;
  const about = typeof description === "string" ? { description } : {};
  const alternatives = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined;
  if (alternatives !== undefined) return { oneOf: alternatives.map(documentable), ...about };
  if (Array.isArray(choices)) return { enum: choices, ...about };
  if (type === "object" || properties !== undefined) {
    const entries = Object.entries(typeof properties === "object" && properties !== null ? properties : {});
    return {
      type: "object",
      properties: Object.fromEntries(entries.map(([name, value]) => [name, documentable(value)])),
      ...about,
    };
  }
  if (type === "array") return { type: "array", items: documentable(items), ...about };
  return { type: typeof type === "string" || Array.isArray(type) ? type : "string", ...about };
}

function stopsOf(model: LlamaModel, triggers: readonly LlamaText[]): Pick<Prompt, "stopTexts" | "stopTokens"> {
  const stopTexts: string[] = [];
  const stopTokens: number[] = [];
  for (const trigger of triggers) {
    const [value] = trigger.values;
    if (trigger.values.length === 1 && typeof value === "string") {
      // A control token written out in plain letters is somebody talking about it.
      if (model.tokenize(value, true).length !== 1) stopTexts.push(value);
      continue;
    }
    const tokens = trigger.tokenize(model.tokenizer);
    if (tokens.length === 1 && tokens[0] !== undefined) stopTokens.push(tokens[0]);
    else if (trigger.values.some((part) => part instanceof SpecialTokensText || part instanceof SpecialToken)) {
      stopTexts.push(model.detokenize(tokens, true));
    }
  }
  return { stopTexts, stopTokens };
}

/**
 * Messages in the model's own template. What people wrote is tokenised as plain text: a `<|im_end|>` in a message is
 * ten characters, never the control token.
 * @throws HearthError `invalid-request` when the template does not accept the messages.
 */
export function chatPrompt(
  model: LlamaModel,
  wrapper: ChatWrapper,
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
): Prompt {
  const chatHistory = toChatHistory(messages);
  try {
    const state = wrapper.generateContextState({
      chatHistory,
      ...(tools.length === 0 ? {} : { availableFunctions: availableFunctions(tools) }),
    });
    const tokens: readonly number[] = state.contextText.tokenize(model.tokenizer);
    return { tokens: withRightBos(model, tokens), ...stopsOf(model, state.stopGenerationTriggers) };
  } catch (cause) {
    const message = `the chat template of the model does not accept these messages (${cause instanceof Error ? cause.message : "unknown"})`;
    throw new HearthError({ code: "invalid-request", message, cause });
  }
}

/**
 * Wrappers open with the BOS token. A model whose tokenizer adds none, and whose template writes none, was trained
 * without it; and a template that writes it behind a wrapper that adds it would give two.
 */
function withRightBos(model: LlamaModel, tokens: readonly number[]): readonly number[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  if (bos === null || tokens[0] !== bos) return tokens;
  if (tokens[1] === bos) return tokens.slice(1);
  const template = model.fileInfo.metadata.tokenizer.chat_template ?? "";
  const isWanted = shouldPrependBosToken || template === "" || template.includes("bos_token");
  return isWanted ? tokens : tokens.slice(1);
}

/**
 * A bare prompt for completion; text is plain text, with the BOS token where the model wants one.
 * @throws HearthError `invalid-request` for a token id that the vocabulary does not have.
 */
export function textPrompt(model: LlamaModel, prompt: string | readonly number[], vocabularySize: number): Prompt {
  if (typeof prompt !== "string") {
    const wrong = prompt.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabularySize);
    if (wrong !== undefined || prompt.length === 0) {
      const what =
        wrong === undefined ? "the prompt is empty" : `${wrong} is not a token id (0 to ${vocabularySize - 1})`;
      throw new HearthError({ code: "invalid-request", message: what });
    }
    return { tokens: prompt, stopTexts: [], stopTokens: [] };
  }
  const { bos, shouldPrependBosToken } = model.tokens;
  const start = bos !== null && shouldPrependBosToken ? [bos as number] : [];
  const tokens = [...start, ...model.tokenize(prompt, false)];
  if (tokens.length > 0) return { tokens, stopTexts: [], stopTokens: [] };
  const opening = bos ?? model.tokens.eos;
  return { tokens: opening === null ? [0] : [opening], stopTexts: [], stopTokens: [] };
}

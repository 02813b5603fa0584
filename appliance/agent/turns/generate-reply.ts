// SPDX-License-Identifier: AGPL-3.0-only
import type { FinishReason, GenerateRequest, ModelInfo, Usage } from "../../inference/engine/index.ts";
import { type BuiltPrompt, tokenBound } from "../prompts/index.ts";
import { fixedTurn, stoppedTurn, type TurnEnded } from "./ended-turn.ts";
import type { ReplyReading } from "./guide-reading.ts";
import type { TurnContext } from "./turn-context.ts";
import { failureOfGeneration } from "./turn-failure.ts";
import { turnTexts } from "./turn-texts.ts";
import type { TurnEvent } from "./types.ts";

type FittingPrompt = Extract<BuiltPrompt, { isFitting: true }>;

/** Runs one generation and says it as turn events, through `reading`. */
export async function* generateReply(
  context: TurnContext,
  model: ModelInfo,
  prompt: FittingPrompt,
  reading: ReplyReading,
): AsyncGenerator<TurnEvent> {
  const { deps, reply, language, signal } = context;
  let usage: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
  let reason: FinishReason | undefined;
  for await (const event of deps.engine.generate(requestOf(context, model, prompt), signal)) {
    if (event.type === "failed") return yield failureOfGeneration(event, reply.said, language);
    if (event.type === "queued") {
      yield { type: "turn-queued", position: event.position, predictedWaitMs: event.predictedWaitMs };
    } else if (event.type === "started") {
      usage = { ...usage, promptTokens: event.promptTokens, cachedTokens: event.cachedTokens };
    } else if (event.type === "resumed") yield { type: "turn-resumed" };
    else if (event.type === "delta") {
      usage = { ...usage, completionTokens: usage.completionTokens + 1 };
      const text = reply.take(reading.take(event.text));
      if (text !== "") yield { type: "turn-delta", text };
      // Leaving the loop ends the generation.
      if (reading.hasSlipped) reason = "stop";
    } else if (event.type === "end") {
      reason = event.reason;
      usage = event.usage;
    }
    // What is left is a tool call; no tools are offered, so there is none.
    if (reason !== undefined) break;
  }
  context.tokenRatios.observe(model.id, tokenBound(prompt.messages), usage.promptTokens);
  if (reason === undefined) {
    const message = "the engine ended without a last event";
    return yield failureOfGeneration({ type: "failed", code: "decode-failed", message }, reply.said, language);
  }
  if (reason === "cancelled") return yield { ...stoppedTurn(context, prompt.sources), ...usage };
  const rest = reading.finish();
  const text = reply.take(rest.text);
  if (text !== "") yield { type: "turn-delta", text };
  const isCut = reason === "length" && !model.isGuide;
  const sources = prompt.sources.filter((_heading, index) => rest.sources.includes(prompt.texts[index] ?? ""));
  yield { ...endedTurn(context, isCut), ...usage, sources };
}

function requestOf(context: TurnContext, model: ModelInfo, prompt: FittingPrompt): GenerateRequest {
  return {
    id: `${context.ticket.turnId}.${context.nextGeneration()}`,
    tenant: context.request.person,
    priority: "interactive",
    model: model.id,
    input: { kind: "chat", messages: prompt.messages },
    // The guide copies out of its documents; anything but the likeliest token would be a mistake.
    ...(model.isGuide ? { sampling: { temperature: 0 } } : {}),
    maxTokens: prompt.maxTokens,
  };
}

function endedTurn(context: TurnContext, isCut: boolean): TurnEnded {
  const texts = turnTexts[context.language];
  const said = context.reply.said;
  if (said === "") return fixedTurn(texts.nothing, "stop");
  return isCut ? fixedTurn(`${said}\n\n${texts.cutOff}`, "length") : fixedTurn(said, "stop");
}

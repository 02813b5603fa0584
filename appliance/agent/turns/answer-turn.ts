// SPDX-License-Identifier: AGPL-3.0-only
import { assertNever } from "../../../shared/errors/index.ts";
import type { GenerateEvent, ModelInfo } from "../../inference/engine/index.ts";
import { GUIDE_UNKNOWN } from "../../inference/guide-model/index.ts";
import { smallTalkReply } from "../commands/index.ts";
import { type BuiltPrompt, buildGeneralPrompt, buildGuidePrompt, type PromptParts } from "../prompts/index.ts";
import type { TurnContext } from "./turn-context.ts";
import { failureOfGeneration, failureOfLength } from "./turn-failure.ts";
import { turnTexts } from "./turn-texts.ts";
import type { TurnEvent } from "./types.ts";

type TurnEnded = Extract<TurnEvent, { type: "turn-ended" }>;
type FittingPrompt = Extract<BuiltPrompt, { isFitting: true }>;

/** Answers ordinary text: out of the documents with the guide model, or with a capable one. May throw. */
export async function* answerTurn(context: TurnContext): AsyncGenerator<TurnEvent> {
  const { deps, request, language, outcome } = context;
  const model = await deps.engine.defaultModel();
  outcome.model = model.id;
  if (context.signal.aborted) return yield stoppedTurn(context, []);
  if (model.isGuide) {
    const smallTalk = smallTalkReply(request.text, language);
    if (smallTalk !== undefined) return yield fixedTurn(smallTalk, "stop");
  }
  const found = deps.knowledge.search(request.text, { language });
  if (model.isGuide && !found.isConfident) return yield fixedTurn(GUIDE_UNKNOWN[language], "stop");
  const prompt = await buildPrompt(context, model, {
    question: request.text,
    found,
    history: context.sessions.history(context.ticket.sessionId, outcome.number),
    model,
    ...(context.chosenLanguage === undefined ? {} : { chosenLanguage: context.chosenLanguage }),
    today: dayOf(deps.clock.now(), context.options.timeZone),
  });
  if (!prompt.isFitting) return yield failureOfLength(prompt.promptTokens, prompt.contextTokens, language);
  outcome.shown = prompt.shown;
  if (prompt.historyFrom !== undefined) outcome.historyFrom = prompt.historyFrom;
  yield* generate(context, model, prompt);
}

/** A reply that no model made. */
export function fixedTurn(reply: string, reason: TurnEnded["reason"]): TurnEnded {
  return { type: "turn-ended", reply, reason, promptTokens: 0, cachedTokens: 0, completionTokens: 0, sources: [] };
}

function buildPrompt(context: TurnContext, model: ModelInfo, parts: PromptParts): Promise<BuiltPrompt> {
  const build = model.isGuide ? buildGuidePrompt : buildGeneralPrompt;
  return build(parts, (messages) => context.deps.engine.countTokens(messages, model.id));
}

async function* generate(context: TurnContext, model: ModelInfo, prompt: FittingPrompt): AsyncGenerator<TurnEvent> {
  const { deps, request, ticket, reply, signal, language } = context;
  const events = deps.engine.generate(
    {
      id: `${ticket.turnId}.${context.nextGeneration()}`,
      tenant: request.person,
      priority: "interactive",
      model: model.id,
      input: { kind: "chat", messages: prompt.messages },
      // The guide copies out of its documents; anything but the likeliest token would be a mistake.
      ...(model.isGuide ? { sampling: { temperature: 0 } } : {}),
      maxTokens: prompt.maxTokens,
    },
    signal,
  );
  for await (const event of events) {
    if (event.type === "failed") return yield failureOfGeneration(event, reply.said, language);
    if (event.type === "end") return yield endedTurn(context, model, prompt, event);
    const translated = translate(context, event);
    if (translated !== undefined) yield translated;
  }
  const message = "the engine ended without a last event";
  yield failureOfGeneration({ type: "failed", code: "decode-failed", message }, reply.said, language);
}

function translate(
  context: TurnContext,
  event: Exclude<GenerateEvent, { type: "failed" | "end" }>,
): TurnEvent | undefined {
  switch (event.type) {
    case "queued":
      return { type: "turn-queued", position: event.position, predictedWaitMs: event.predictedWaitMs };
    case "delta": {
      const text = context.reply.take(event.text);
      return text === "" ? undefined : { type: "turn-delta", text };
    }
    case "resumed":
      return { type: "turn-resumed" };
    case "started":
    // No tools are offered yet, so none can be called.
    case "tool-call":
      return undefined;
    default:
      return assertNever(event);
  }
}

function endedTurn(
  context: TurnContext,
  model: ModelInfo,
  prompt: FittingPrompt,
  end: Extract<GenerateEvent, { type: "end" }>,
): TurnEnded {
  const { language, reply } = context;
  const texts = turnTexts[language];
  if (end.reason === "cancelled") return { ...stoppedTurn(context, prompt.sources), ...end.usage };
  const isUnknown = model.isGuide && (reply.said === "" || Object.values(GUIDE_UNKNOWN).includes(reply.said));
  const nothing = model.isGuide ? GUIDE_UNKNOWN[language] : texts.nothing;
  const isCut = end.reason === "length" && reply.said !== "";
  return {
    type: "turn-ended",
    reply: reply.said === "" ? nothing : isCut ? `${reply.said}\n\n${texts.cutOff}` : reply.said,
    reason: isCut ? "length" : "stop",
    ...end.usage,
    sources: isUnknown ? [] : prompt.sources,
  };
}

/** What was said until the stop stays, and it is said that it was stopped. */
export function stoppedTurn(context: TurnContext, sources: readonly string[]): TurnEnded {
  const texts = turnTexts[context.language];
  const said = context.reply.said;
  const reply = said === "" ? texts.stoppedBefore : `${said}\n\n${texts.stopped}`;
  return { ...fixedTurn(reply, "cancelled"), sources: said === "" ? [] : sources };
}

function dayOf(nowMs: number, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(nowMs);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("weekday")} ${part("year")}-${part("month")}-${part("day")}`;
}

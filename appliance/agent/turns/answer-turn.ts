// SPDX-License-Identifier: AGPL-3.0-only
import type { ModelInfo } from "../../inference/engine/index.ts";
import { GUIDE_UNKNOWN } from "../../inference/guide-model/index.ts";
import { smallTalkReply } from "../commands/index.ts";
import { type BuiltPrompt, buildGeneralPrompt, buildGuidePrompt, type PromptParts } from "../prompts/index.ts";
import { fixedTurn, stoppedTurn } from "./ended-turn.ts";
import { generateReply } from "./generate-reply.ts";
import { createGuideReading, createPlainReading } from "./guide-reading.ts";
import type { TurnContext } from "./turn-context.ts";
import { failureOfLength } from "./turn-failure.ts";
import type { TurnEvent } from "./types.ts";

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
  const tokensPerByte = context.tokenRatios.of(model.id);
  const prompt = await buildPrompt(context, model, {
    question: request.text,
    found,
    history: context.sessions.history(context.ticket.sessionId, outcome.number),
    model,
    ...(context.chosenLanguage === undefined ? {} : { chosenLanguage: context.chosenLanguage }),
    ...(tokensPerByte === undefined ? {} : { tokensPerByte }),
    today: context.dayOf(deps.clock.now()),
  });
  if (!prompt.isFitting) return yield failureOfLength(prompt.promptTokens, prompt.contextTokens, language);
  outcome.shown = prompt.shown;
  if (prompt.historyFrom !== undefined) outcome.historyFrom = prompt.historyFrom;
  const reading = model.isGuide
    ? createGuideReading(prompt.texts, found.passages[0]?.score ?? 0, language)
    : createPlainReading(prompt.texts);
  yield* generateReply(context, model, prompt, reading);
}

function buildPrompt(context: TurnContext, model: ModelInfo, parts: PromptParts): Promise<BuiltPrompt> {
  const build = model.isGuide ? buildGuidePrompt : buildGeneralPrompt;
  return build(parts, (messages) => context.deps.engine.countTokens(messages, model.id));
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { ChatMessage } from "../../inference/engine/index.ts";
import type { KnowledgeAnswer, RankedPassage } from "../knowledge/index.ts";
import type { HistoryTurn } from "../sessions/index.ts";
import { chooseBorder } from "./choose-border.ts";
import { boxText, outsideText, withoutFences } from "./fence.ts";
import type { BuiltPrompt, PromptParts, TokenCounter } from "./prompt.ts";
import { systemPrompt } from "./system-prompt.ts";
import { surelyFits } from "./token-bound.ts";

/** History beyond this is dropped even where the context has room: reading it costs time at every cold start. */
const maxPromptTokens = 8192;
/** More turns are cut to half, even if they are so short that they would fit. */
const maxTurns = 200;
const maxAnswerTokens = 2048;
/** People talk about models, files and people without meaning this box; then its handbook would only distract. */
const handbookScore = 0.45;
const leftOut = boxText(["Earlier messages of this conversation were left out."]);

/**
 * The prompt of a capable model: system prompt, history as it was shown, and the new message with documents before it
 * and changing facts behind it. Each prompt of a session repeats the one before byte by byte and adds to it, until
 * history is cut (see {@link chooseBorder}); so a turn only reads what is new.
 */
export async function buildGeneralPrompt(parts: PromptParts, count: TokenCounter): Promise<BuiltPrompt> {
  const { model } = parts;
  const maxTokens = Math.max(16, Math.min(maxAnswerTokens, Math.floor(model.contextTokens / 4)));
  const budget = Math.min(maxPromptTokens, model.contextTokens - maxTokens);
  const all = parts.history.turns;
  let turns = all.length > maxTurns ? all.slice(-maxTurns / 2) : all;
  let isShortened = parts.history.isShortened || turns.length < all.length;
  let passages = usefulPassages(parts.found);
  for (;;) {
    const shown = userMessage(parts, passages);
    const messages = chatMessages(turns, isShortened, shown);
    const tokens = surelyFits(messages, budget, parts.tokensPerByte) ? 0 : await count(messages);
    if (tokens <= budget) {
      const sources = passages.map((passage) => passage.heading || passage.title);
      const border = turns[0]?.number ?? parts.history.turnNumber;
      const hasMoved = turns.length < all.length;
      const texts = passages.map((passage) => passage.text);
      return {
        isFitting: true,
        messages,
        shown,
        texts,
        sources,
        maxTokens,
        ...(hasMoved ? { historyFrom: border } : {}),
      };
    }
    if (turns.length > 0) {
      turns = turns.slice(borderOf(turns, shown, tokens, budget));
      isShortened = true;
    } else if (passages.length > 0) passages = passages.slice(0, -1);
    else return { isFitting: false, promptTokens: tokens, contextTokens: model.contextTokens };
  }
}

/** The owner's documents where they probably hold the answer; the handbook only where the question is surely about it. */
function usefulPassages({ passages, isConfident }: KnowledgeAnswer): readonly RankedPassage[] {
  return passages.filter(({ source, score }) => (source === "handbook" ? score >= handbookScore : isConfident));
}

function borderOf(turns: readonly HistoryTurn[], shown: string, tokens: number, budget: number): number {
  const sizes = turns.map((turn) => Buffer.byteLength(turn.shown) + Buffer.byteLength(turn.reply));
  const fixed = Buffer.byteLength(systemPrompt) + Buffer.byteLength(shown);
  const tokensPerByte = tokens / Math.max(1, fixed + sizes.reduce((sum, size) => sum + size, 0));
  const estimates = sizes.map((size) => size * tokensPerByte);
  return chooseBorder(estimates, fixed * tokensPerByte, budget);
}

function chatMessages(turns: readonly HistoryTurn[], isShortened: boolean, shown: string): ChatMessage[] {
  const messages: ChatMessage[] = [{ role: "system", content: systemPrompt }];
  for (const turn of turns) {
    messages.push({ role: "user", content: turn.shown }, { role: "assistant", content: turn.reply });
  }
  messages.push({ role: "user", content: shown });
  const first = messages[1];
  // Beside the first message and not in the system prompt, which must stay the same for everybody.
  if (isShortened && first !== undefined) messages[1] = { ...first, content: `${leftOut}\n${first.content}` };
  return messages;
}

function userMessage(parts: PromptParts, passages: readonly RankedPassage[]): string {
  const facts = [`Today is ${parts.today}.`];
  if (parts.chosenLanguage !== undefined)
    facts.push(`Answer in ${parts.chosenLanguage === "zh" ? "Chinese" : "English"}.`);
  const documents = passages.map((passage, index) => outsideText(passage, index + 1));
  return [...documents, withoutFences(parts.question), boxText(facts)].join("\n");
}

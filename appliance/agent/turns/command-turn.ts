// SPDX-License-Identifier: AGPL-3.0-only
import { type ParsedCommand, runCommand, type StatusFacts } from "../commands/index.ts";
import { fixedTurn } from "./ended-turn.ts";
import type { TurnContext } from "./turn-context.ts";
import type { TurnEvent } from "./types.ts";

/** Answers a command. What it changes is left in the outcome, to be written with the reply. */
export async function commandTurn(
  context: TurnContext,
  command: Exclude<ParsedCommand, { kind: "text" }>,
): Promise<TurnEvent> {
  const { reply, effect } = await runCommand(command, {
    role: context.request.role,
    language: context.language,
    stop: () => context.running.stop(context.address),
    status: () => statusOf(context),
  });
  if (effect !== undefined) context.outcome.effect = effect;
  return fixedTurn(reply, "command");
}

async function statusOf(context: TurnContext): Promise<StatusFacts> {
  const { engine } = context.deps;
  const status = engine.status();
  const history = context.sessions.history(context.ticket.sessionId, context.outcome.number);
  // Status must answer also while no model can; then there is none to name.
  const model = await engine.defaultModel().catch(() => undefined);
  return {
    ...(model === undefined ? {} : { model: model.id }),
    isGuide: model?.isGuide ?? false,
    engineState: model === undefined && status.state === "ready" ? "down" : status.state,
    runningSequences: status.runningSequences,
    queuedRequests: status.queuedRequests,
    maxSequences: status.maxSequences,
    decodeTokensPerSecond: status.decodeTokensPerSecond,
    rememberedTurns: history.turns.length,
    isHistoryShortened: history.isShortened,
    ...(context.chosenLanguage === undefined ? {} : { language: context.chosenLanguage }),
  };
}

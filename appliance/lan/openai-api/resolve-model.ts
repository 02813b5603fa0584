// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import type { ModelInfo } from "../../inference/engine/index.ts";
import { agentModel } from "./agent-completion.ts";
import type { OpenAiApiDeps, OpenAiCaller } from "./openai-api-deps.ts";
import { failureOfError, modelNotFound, type OpenAiFailure } from "./openai-failure.ts";

/** The name under which the bare default model is called, whatever it is. */
export const defaultModelName = "default";

/** What a model's name stands for, for this caller. */
export type ResolvedModel =
  | { readonly kind: "agent" }
  | { readonly kind: "engine"; readonly model: string | undefined; readonly defaultTemperature: number | undefined }
  | { readonly kind: "refused"; readonly failure: OpenAiFailure };

/** Finds the model, checks the caller's scope and takes the call from its limit. */
export async function resolveModel(deps: OpenAiApiDeps, caller: OpenAiCaller, name: string): Promise<ResolvedModel> {
  const isAgent = name === agentModel;
  if (isAgent ? !caller.mayUseAgent : !caller.mayUseModels) {
    const scope = isAgent ? "agent" : "models";
    const message = `This key may not use the model '${name}': it lacks the scope '${scope}'.`;
    const failure = {
      status: 403,
      type: "permission_error",
      code: "insufficient_scope",
      param: "model",
      message,
    } as const;
    return { kind: "refused", failure };
  }
  const limit = deps.takeFromLimit(caller.tenant);
  if (!limit.isAllowed) {
    const seconds = Math.max(1, Math.ceil(limit.retryAfterMs / 1000));
    const message = `This key's limit is reached. Try again in ${seconds} s.`;
    const failure = {
      status: 429,
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
      param: null,
      message,
    } as const;
    return { kind: "refused", failure: { ...failure, retryAfterMs: limit.retryAfterMs } };
  }
  if (isAgent) return { kind: "agent" };
  if (name === defaultModelName) {
    // While the engine starts it is not known which model will answer: the engine takes its own default then.
    const known = await deps.engine.defaultModel().catch(() => undefined);
    return { kind: "engine", model: undefined, defaultTemperature: known && temperatureOf(known) };
  }
  try {
    const found = (await deps.engine.models()).find((model) => model.id === name);
    if (found !== undefined) return { kind: "engine", model: name, defaultTemperature: temperatureOf(found) };
  } catch (thrown) {
    return { kind: "refused", failure: failureOfError(toHearthError(thrown)) };
  }
  return { kind: "refused", failure: modelNotFound(name) };
}

/** OpenAI's default, but for the guide: it copies out of what it is shown, which the engine's own default, greedy, suits. */
function temperatureOf({ isGuide }: ModelInfo): number | undefined {
  return isGuide ? undefined : 1;
}

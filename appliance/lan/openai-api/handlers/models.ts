// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../../shared/errors/index.ts";
import type { ModelInfo } from "../../../inference/engine/index.ts";
import { agentModel } from "../agent-completion.ts";
import type { OpenAiApiDeps, OpenAiCaller } from "../openai-api-deps.ts";
import { failureOfError, failureResponse, modelNotFound } from "../openai-failure.ts";
import { defaultModelName } from "../resolve-model.ts";

interface ModelBody {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** `GET /v1/models`: the agent, the default model, and each model by its own id, as far as the caller's scopes reach. */
export async function handleModels(deps: OpenAiApiDeps, caller: OpenAiCaller): Promise<Response> {
  const models = await visibleModels(deps, caller);
  return "response" in models ? models.response : Response.json({ object: "list", data: models.list });
}

/** `GET /v1/models/{id}`. */
export async function handleModel(deps: OpenAiApiDeps, caller: OpenAiCaller, id: string): Promise<Response> {
  const models = await visibleModels(deps, caller);
  if ("response" in models) return models.response;
  const model = models.list.find((candidate) => candidate.id === id);
  return model === undefined ? failureResponse(modelNotFound(id)) : Response.json(model);
}

async function visibleModels(
  deps: OpenAiApiDeps,
  caller: OpenAiCaller,
): Promise<{ readonly list: readonly ModelBody[] } | { readonly response: Response }> {
  const agent = caller.mayUseAgent ? [toBody(agentModel, undefined)] : [];
  if (!caller.mayUseModels) return { list: agent };
  try {
    const models = await deps.engine.models();
    const named = models.filter(({ id }) => id !== agentModel && id !== defaultModelName);
    return { list: [...agent, toBody(defaultModelName, undefined), ...named.map((model) => toBody(model.id, model))] };
  } catch (thrown) {
    return { response: failureResponse(failureOfError(toHearthError(thrown))) };
  }
}

function toBody(id: string, model: ModelInfo | undefined): ModelBody {
  return { id, object: "model", created: Math.floor((model?.createdMs ?? 0) / 1000), owned_by: "hearth" };
}

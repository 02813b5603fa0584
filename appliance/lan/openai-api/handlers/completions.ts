// SPDX-License-Identifier: AGPL-3.0-only
import type { GenerateRequest } from "../../../inference/engine/index.ts";
import { agentModel } from "../agent-completion.ts";
import { collectTextCompletion, type TextShape, textChunks } from "../answers/text-completion.ts";
import { engineCompletion } from "../engine-completion.ts";
import type { OpenAiApiDeps, OpenAiApiOptions, OpenAiCall } from "../openai-api-deps.ts";
import { failureResponse, invalidRequest, type OpenAiFailure, unsupported } from "../openai-failure.ts";
import { parseRequest } from "../parse-request.ts";
import { type CompletionRequest, completionRequestSchema } from "../requests/completion-request.ts";
import { maxChoices } from "../requests/fields.ts";
import type { GenerationIdentity } from "../requests/to-generate-request.ts";
import { toSampling } from "../requests/to-sampling.ts";
import { resolveModel } from "../resolve-model.ts";
import { runCompletion } from "../run-completion.ts";

/** OpenAI's default for this call. */
const defaultMaxTokens = 16;

/** `POST /v1/completions`. */
export async function handleCompletions(
  deps: OpenAiApiDeps,
  options: OpenAiApiOptions,
  { caller, request, text, onClosed, ending }: OpenAiCall,
): Promise<Response> {
  const parsed = parseRequest(text, completionRequestSchema);
  if (!parsed.isValid) return failureResponse(parsed.failure);
  const body = parsed.value;
  const problem = check(body);
  if (problem !== null) return failureResponse(problem);
  const model = await resolveModel(deps, caller, body.model);
  if (model.kind === "refused") return failureResponse(model.failure);
  if (model.kind === "agent") {
    return failureResponse(unsupported("model", `'${agentModel}' is an agent; it answers /v1/chat/completions.`));
  }
  const created = Math.floor(deps.clock.now() / 1000);
  const head = { id: `cmpl-${deps.randomId()}`, created, model: body.model };
  const identity = { ...model, id: head.id, tenant: caller.tenant };
  const generations = toGenerations(body, identity);
  const shape = toShape(body);
  return runCompletion(
    deps,
    options,
    { request, onClosed, ending },
    {
      sources: (signal) => generations.map((generation) => engineCompletion(deps.engine, generation, "prompt", signal)),
      collect: (events) => collectTextCompletion(head, events, shape),
      ...(body.stream === true && { frames: (events) => textChunks(head, events, shape) }),
    },
  );
}

function check(body: CompletionRequest): OpenAiFailure | null {
  const count = body.prompt.length * (body.n ?? 1);
  if (body.suffix !== undefined && body.suffix !== "") return unsupported("suffix", "'suffix' is not supported.");
  if (body.best_of !== undefined && body.best_of !== (body.n ?? 1)) {
    return unsupported("best_of", "'best_of' other than 'n' is not supported.");
  }
  if (body.stream_options !== undefined && body.stream !== true) {
    return invalidRequest("'stream_options' is only allowed with 'stream': true.", "stream_options");
  }
  if (count > maxChoices) {
    return invalidRequest(`Prompts times 'n' is ${count}; at most ${maxChoices} answers are made at once.`, "n");
  }
  if (body.echo === true && body.prompt.some((prompt) => typeof prompt !== "string")) {
    return unsupported("echo", "'echo' needs prompts that are texts.");
  }
  return null;
}

function toShape(body: CompletionRequest): TextShape {
  const choicesPerPrompt = body.n ?? 1;
  const prefixes = body.prompt.flatMap((prompt) =>
    Array.from({ length: choicesPerPrompt }, () => (body.echo === true && typeof prompt === "string" ? prompt : "")),
  );
  const hasUsage = body.stream_options?.include_usage === true;
  return { prefixes, choicesPerPrompt, hasLogprobs: body.logprobs !== undefined, hasUsage };
}

function toGenerations(body: CompletionRequest, identity: GenerationIdentity): GenerateRequest[] {
  return body.prompt.flatMap((prompt, index) =>
    Array.from({ length: body.n ?? 1 }, (_, choice) => ({
      id: `${identity.id}-${index}-${choice}`,
      tenant: identity.tenant,
      priority: "interactive" as const,
      ...(identity.model !== undefined && { model: identity.model }),
      input: { kind: "text" as const, prompt },
      sampling: toSampling(body, identity, index * (body.n ?? 1) + choice),
      maxTokens: body.max_tokens ?? defaultMaxTokens,
      ...(body.stop !== undefined && { stop: body.stop }),
      ...(body.logprobs !== undefined && { topLogprobs: body.logprobs }),
    })),
  );
}

// SPDX-License-Identifier: AGPL-3.0-only
import { agentCompletion, agentModel } from "../agent-completion.ts";
import { collectResponse, responseFrames } from "../answers/response-answer.ts";
import type { CompletionEvent } from "../completion-event.ts";
import { engineCompletion } from "../engine-completion.ts";
import type { OpenAiApiDeps, OpenAiApiOptions, OpenAiCall } from "../openai-api-deps.ts";
import { failureResponse } from "../openai-failure.ts";
import { parseRequest } from "../parse-request.ts";
import { checkAgentRequest, checkChatRequest } from "../requests/check-chat-request.ts";
import { checkResponsesRequest } from "../requests/check-responses-request.ts";
import { responsesRequestSchema } from "../requests/responses-request.ts";
import { responsesToChat } from "../requests/responses-to-chat.ts";
import { toGenerateRequest } from "../requests/to-generate-request.ts";
import { toInboundEvent } from "../requests/to-inbound-event.ts";
import { resolveModel } from "../resolve-model.ts";
import { runCompletion } from "../run-completion.ts";

/** `POST /v1/responses`: text and function tools, streamed or whole. */
export async function handleResponses(
  deps: OpenAiApiDeps,
  options: OpenAiApiOptions,
  { caller, request, text, onClosed, ending }: OpenAiCall,
): Promise<Response> {
  const parsed = parseRequest(text, responsesRequestSchema);
  if (!parsed.isValid) return failureResponse(parsed.failure);
  const body = parsed.value;
  const chat = responsesToChat(body);
  const problem =
    checkResponsesRequest(body) ??
    checkChatRequest(chat) ??
    (body.model === agentModel ? checkAgentRequest(chat) : null);
  if (problem !== null) return failureResponse(problem);
  const model = await resolveModel(deps, caller, body.model);
  if (model.kind === "refused") return failureResponse(model.failure);
  const head = {
    id: `resp_${deps.randomId()}`,
    created: Math.floor(deps.clock.now() / 1000),
    model: body.model,
  };
  const source = (signal: AbortSignal): AsyncIterable<CompletionEvent> => {
    if (model.kind === "engine") {
      const identity = { ...model, id: head.id, tenant: caller.tenant };
      return engineCompletion(deps.engine, toGenerateRequest(chat, identity, 0), "input", signal);
    }
    const userText = chat.messages.findLast((message) => message.role === "user")?.content ?? "";
    const event = toInboundEvent(deps, caller, { text: userText, user: body.user, request });
    return agentCompletion(deps.router, event, signal);
  };
  return runCompletion(
    deps,
    options,
    { request, onClosed, ending },
    {
      sources: (signal) => [source(signal)],
      collect: (events) => collectResponse(head, body, events, deps.randomId),
      ...(body.stream === true && { frames: (events) => responseFrames(head, body, events, deps.randomId) }),
    },
  );
}

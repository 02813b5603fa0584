// SPDX-License-Identifier: AGPL-3.0-only
import type { InboundEvent } from "../../../messaging/protocol/index.ts";
import { agentCompletion, agentModel } from "../agent-completion.ts";
import type { AnswerHead } from "../answers/answer-head.ts";
import { chatChunks } from "../answers/chat-chunks.ts";
import { collectChatCompletion } from "../answers/chat-completion.ts";
import { engineCompletion } from "../engine-completion.ts";
import type { OpenAiApiDeps, OpenAiApiOptions, OpenAiCall } from "../openai-api-deps.ts";
import { failureResponse } from "../openai-failure.ts";
import { parseRequest } from "../parse-request.ts";
import { type ChatRequest, chatRequestSchema } from "../requests/chat-request.ts";
import { checkAgentRequest, checkChatRequest } from "../requests/check-chat-request.ts";
import { toGenerateRequest } from "../requests/to-generate-request.ts";
import { toInboundEvent } from "../requests/to-inbound-event.ts";
import { resolveModel } from "../resolve-model.ts";
import { type CompletionRun, runCompletion } from "../run-completion.ts";

/** `POST /v1/chat/completions`. */
export async function handleChat(
  deps: OpenAiApiDeps,
  options: OpenAiApiOptions,
  { caller, request, text, onClosed, ending }: OpenAiCall,
): Promise<Response> {
  const parsed = parseRequest(text, chatRequestSchema);
  if (!parsed.isValid) return failureResponse(parsed.failure);
  const body = parsed.value;
  const problem = checkChatRequest(body) ?? (body.model === agentModel ? checkAgentRequest(body) : null);
  if (problem !== null) return failureResponse(problem);
  const model = await resolveModel(deps, caller, body.model);
  if (model.kind === "refused") return failureResponse(model.failure);
  const created = Math.floor(deps.clock.now() / 1000);
  const head = { id: `chatcmpl-${deps.randomId()}`, created, model: body.model };
  if (model.kind === "agent") {
    const userText = body.messages.findLast((message) => message.role === "user")?.content ?? "";
    const event = toInboundEvent(deps, caller, { text: userText, user: body.user, request });
    return runCompletion(deps, options, { request, onClosed, ending }, agentRun(deps, head, body, event));
  }
  const identity = { ...model, id: head.id, tenant: caller.tenant };
  const choices = Array.from({ length: body.n ?? 1 }, (_, choice) => toGenerateRequest(body, identity, choice));
  return runCompletion(
    deps,
    options,
    { request, onClosed, ending },
    {
      sources: (signal) => choices.map((choice) => engineCompletion(deps.engine, choice, "messages", signal)),
      ...shape(head, body),
    },
  );
}

function agentRun(deps: OpenAiApiDeps, head: AnswerHead, body: ChatRequest, event: InboundEvent): CompletionRun {
  return { sources: (signal) => [agentCompletion(deps.router, event, signal)], ...shape(head, body) };
}

function shape(head: AnswerHead, body: ChatRequest): Omit<CompletionRun, "sources"> {
  const hasUsage = body.stream_options?.include_usage === true;
  return {
    collect: (events) => collectChatCompletion(head, events, body.n ?? 1, body.logprobs === true),
    ...(body.stream === true && { frames: (events) => chatChunks(head, events, hasUsage) }),
  };
}

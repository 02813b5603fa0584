// SPDX-License-Identifier: AGPL-3.0-only
import type { ChoiceEvent } from "../completion-event.ts";
import type { ResponsesRequest } from "../requests/responses-request.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { CollectedAnswer } from "./chat-completion.ts";
import { createResponseBuilder, type ResponseEvent } from "./response-builder.ts";
import { type ResponseState, toResponseObject } from "./response-object.ts";

/** Collects the events into one response object. */
export async function collectResponse(
  head: AnswerHead,
  request: ResponsesRequest,
  events: AsyncIterable<ChoiceEvent>,
  nextId: () => string,
): Promise<CollectedAnswer> {
  const builder = createResponseBuilder(nextId);
  let named = head;
  let state: ResponseState = { status: "completed", output: builder.output };
  for await (const { event } of events) {
    if (event.type === "failed") return { isComplete: false, failure: event.failure };
    if (event.type === "started") named = { ...head, model: event.model };
    if (event.type === "delta") builder.text(event.text);
    if (event.type === "tool-call") builder.call(event.call);
    if (event.type === "ended") {
      const isComplete = event.reason !== "length";
      builder.finish(isComplete);
      state = { status: isComplete ? "completed" : "incomplete", output: builder.output, usage: event.usage };
    }
  }
  return { isComplete: true, body: toResponseObject(named, request, state) };
}

/** The frames of a streamed response: named events with consecutive numbers. A failure is `response.failed`. */
export async function* responseFrames(
  head: AnswerHead,
  request: ResponsesRequest,
  events: AsyncIterable<ChoiceEvent>,
  nextId: () => string,
): AsyncGenerator<string> {
  let number = 0;
  for await (const event of responseEvents(head, request, events, nextId)) {
    const data = JSON.stringify({ ...event, sequence_number: number++ });
    yield `event: ${event.type}\ndata: ${data}\n\n`;
  }
}

async function* responseEvents(
  head: AnswerHead,
  request: ResponsesRequest,
  events: AsyncIterable<ChoiceEvent>,
  nextId: () => string,
): AsyncGenerator<ResponseEvent> {
  const builder = createResponseBuilder(nextId);
  let named = head;
  const response = (state: ResponseState) => toResponseObject(named, request, state);
  const begun = { status: "in_progress", output: [] } as const;
  let hasBegun = false;
  for await (const { event } of events) {
    if (event.type === "started") named = { ...head, model: event.model };
    if (!hasBegun && event.type !== "waiting") {
      hasBegun = true;
      yield { type: "response.created", response: response(begun) };
      yield { type: "response.in_progress", response: response(begun) };
    }
    if (event.type === "delta") yield* builder.text(event.text);
    if (event.type === "tool-call") yield* builder.call(event.call);
    if (event.type === "failed") {
      yield* builder.finish(false);
      const state = { status: "failed", output: builder.output, failure: event.failure } as const;
      yield { type: "response.failed", response: response(state) };
    }
    if (event.type === "ended") {
      const status = event.reason === "length" ? "incomplete" : "completed";
      yield* builder.finish(status === "completed");
      yield { type: `response.${status}`, response: response({ status, output: builder.output, usage: event.usage }) };
    }
  }
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { ToolCall } from "../../../inference/engine/index.ts";
import { type ResponseItem, textPart } from "./response-object.ts";

/** An event of a streamed response, before it gets its number. */
export type ResponseEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Collects what an answer says into output items, and says each change as OpenAI's events. */
export interface ResponseBuilder {
  text(text: string): ResponseEvent[];
  call(call: ToolCall): ResponseEvent[];
  /** Closes the message that is open. */
  finish(isComplete: boolean): ResponseEvent[];
  readonly output: readonly ResponseItem[];
}

/** Makes a {@link ResponseBuilder}; `nextId` names items. */
export function createResponseBuilder(nextId: () => string): ResponseBuilder {
  const output: ResponseItem[] = [];
  let open: { id: string; index: number; text: string } | null = null;

  function openMessage(): { message: NonNullable<typeof open>; events: ResponseEvent[] } {
    if (open !== null) return { message: open, events: [] };
    const id = `msg_${nextId()}`;
    const index = output.length;
    const item: ResponseItem = { type: "message", id, role: "assistant", status: "in_progress", content: [] };
    output.push(item);
    open = { id, index, text: "" };
    const place = { item_id: id, output_index: index, content_index: 0 };
    const events = [
      { type: "response.output_item.added", output_index: index, item },
      { type: "response.content_part.added", ...place, part: textPart("") },
    ];
    return { message: open, events };
  }

  function closeMessage(isComplete: boolean): ResponseEvent[] {
    if (open === null) return [];
    const { id, index, text } = open;
    open = null;
    const status = isComplete ? "completed" : "incomplete";
    const item: ResponseItem = { type: "message", id, role: "assistant", status, content: [textPart(text)] };
    output[index] = item;
    const place = { item_id: id, output_index: index, content_index: 0 };
    return [
      { type: "response.output_text.done", ...place, text, logprobs: [] },
      { type: "response.content_part.done", ...place, part: textPart(text) },
      { type: "response.output_item.done", output_index: index, item },
    ];
  }

  return {
    output,
    text(text) {
      const { message, events } = openMessage();
      message.text += text;
      const place = { item_id: message.id, output_index: message.index, content_index: 0 };
      return [...events, { type: "response.output_text.delta", ...place, delta: text, logprobs: [] }];
    },
    call({ id: callId, name, argumentsJson }) {
      const closing = closeMessage(true);
      const id = `fc_${nextId()}`;
      const index = output.length;
      const item = {
        type: "function_call",
        id,
        call_id: callId,
        name,
        arguments: argumentsJson,
        status: "completed",
      } as const;
      output.push(item);
      const place = { item_id: id, output_index: index };
      const added = { ...item, arguments: "", status: "in_progress" };
      return [
        ...closing,
        { type: "response.output_item.added", output_index: index, item: added },
        { type: "response.function_call_arguments.delta", ...place, delta: argumentsJson },
        { type: "response.function_call_arguments.done", ...place, name, arguments: argumentsJson },
        { type: "response.output_item.done", output_index: index, item },
      ];
    },
    finish: closeMessage,
  };
}

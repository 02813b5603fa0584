// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import {
  functionNameField,
  jsonSchemaField,
  modelField,
  optional,
  streamFields,
  tokensField,
  userField,
} from "./fields.ts";

const textPart = z.object({
  type: z.enum(["input_text", "output_text", "text"], "only parts of text are supported"),
  text: z.string(),
});
const content = z
  .union([z.string(), z.array(textPart).min(1)], "a text or an array of text parts is required")
  .transform((value) => (typeof value === "string" ? value : value.map((part) => part.text).join("")));

const callId = z.string().min(1).max(256);
const message = z.object({
  type: z.literal("message", "only messages, function calls and their outputs are supported").optional(),
  role: z.enum(["user", "assistant", "system", "developer"]),
  content,
});
const functionCall = z.object({
  type: z.literal("function_call"),
  call_id: callId,
  name: functionNameField,
  arguments: z.string(),
});
const functionCallOutput = z.object({ type: z.literal("function_call_output"), call_id: callId, output: content });
const item = z.union([functionCall, functionCallOutput, message]);
export type ResponsesItem = z.output<typeof item>;

const tool = z.object({
  type: z.literal("function", "only tools of type 'function' are supported"),
  name: functionNameField,
  description: optional(z.string().max(8192)),
  parameters: optional(jsonSchemaField),
});

const format = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({ type: z.literal("json_schema"), name: functionNameField, schema: jsonSchemaField }),
]);

/** `POST /v1/responses`, as far as an answer can be made without keeping it: nothing is stored, whatever `store` says. */
export const responsesRequestSchema = z.object({
  model: modelField,
  input: z.union([z.string(), z.array(item).min(1).max(4096)], "a text or an array of items is required"),
  instructions: optional(z.string()),
  max_output_tokens: tokensField,
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().gt(0).max(1)),
  tools: optional(z.array(tool).max(128)),
  tool_choice: optional(
    z.union([z.enum(["none", "auto", "required"]), z.object({ type: z.literal("function"), name: functionNameField })]),
  ),
  parallel_tool_calls: optional(z.boolean()),
  text: optional(z.object({ format: optional(format) })),
  stream: streamFields.stream,
  user: userField,
  metadata: optional(z.record(z.string().max(64), z.string().max(512))),
  truncation: optional(z.enum(["auto", "disabled"])),
  background: optional(z.boolean()),
  top_logprobs: optional(z.int()),
  previous_response_id: z.unknown().optional(),
  conversation: z.unknown().optional(),
  prompt: z.unknown().optional(),
});
export type ResponsesRequest = z.output<typeof responsesRequestSchema>;

// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import {
  choicesField,
  functionNameField,
  jsonSchemaField,
  modelField,
  optional,
  samplingFields,
  stopField,
  streamFields,
  tokensField,
  userField,
} from "./fields.ts";

const textPart = z.object({ type: z.literal("text", "only parts of type 'text' are supported"), text: z.string() });

/** A text, or parts of text that are put together. Pictures, sound and files are refused by name. */
const content = z
  .union([z.string(), z.array(textPart).min(1)], "a text or an array of text parts is required")
  .transform((value) => (typeof value === "string" ? value : value.map((part) => part.text).join("")));

const toolCall = z.object({
  id: z.string().min(1).max(256),
  type: z.literal("function"),
  function: z.object({ name: functionNameField, arguments: z.string() }),
});

const message = z.discriminatedUnion(
  "role",
  [
    z.object({ role: z.literal("system"), content }),
    z.object({ role: z.literal("developer"), content }),
    z.object({ role: z.literal("user"), content }),
    z.object({
      role: z.literal("assistant"),
      content: optional(content),
      tool_calls: optional(z.array(toolCall).max(64)),
    }),
    z.object({ role: z.literal("tool"), content, tool_call_id: z.string().min(1).max(256) }),
  ],
  "role must be one of system, developer, user, assistant, tool",
);

const responseFormat = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({
    type: z.literal("json_schema"),
    json_schema: z.object({ name: functionNameField, schema: jsonSchemaField }),
  }),
]);

const tool = z.object({
  type: z.literal("function"),
  function: z.object({
    name: functionNameField,
    description: optional(z.string().max(8192)),
    parameters: optional(jsonSchemaField),
  }),
});

const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.object({ type: z.literal("function"), function: z.object({ name: functionNameField }) }),
]);

/** `POST /v1/chat/completions`. What is not named here is ignored; what cannot be done here is refused by name. */
export const chatRequestSchema = z.object({
  model: modelField,
  messages: z.array(message, "an array of messages is required").min(1, "at least one message is required").max(4096),
  ...samplingFields,
  n: choicesField,
  stop: stopField,
  max_tokens: tokensField,
  max_completion_tokens: tokensField,
  logprobs: optional(z.boolean()),
  top_logprobs: optional(z.int().min(0).max(20)),
  response_format: optional(responseFormat),
  tools: optional(z.array(tool).max(128)),
  tool_choice: optional(toolChoice),
  parallel_tool_calls: optional(z.boolean()),
  ...streamFields,
  user: userField,
  modalities: optional(z.array(z.string())),
  audio: z.unknown().optional(),
  functions: z.unknown().optional(),
  function_call: z.unknown().optional(),
});
export type ChatRequest = z.output<typeof chatRequestSchema>;

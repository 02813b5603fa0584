// SPDX-License-Identifier: AGPL-3.0-only
import { invalidRequest, type OpenAiFailure } from "../openai-failure.ts";
import type { ChatRequest } from "./chat-request.ts";

/** As at OpenAI: values of all enums of a request. A grammar of tens of thousands of them holds the engine up. */
const maxEnumValues = 1000;
/** Characters of all schemas of a request, as JSON. */
const maxSchemaLength = 131_072;

/** Refuses schemas that would make a grammar too large to follow, before they reach the engine. */
export function checkSchemas(request: ChatRequest): OpenAiFailure | null {
  let enumValues = 0;
  let length = 0;
  for (const [param, schema] of schemasOf(request)) {
    length += JSON.stringify(schema).length;
    enumValues += countEnumValues(schema);
    if (length > maxSchemaLength) {
      return invalidRequest(
        `The schemas of a request have at most ${maxSchemaLength} characters.`,
        param,
        "schema_too_large",
      );
    }
    if (enumValues > maxEnumValues) {
      return invalidRequest(`The enums of a request have at most ${maxEnumValues} values.`, param, "schema_too_large");
    }
  }
  return null;
}

function schemasOf({ response_format: format, tools = [] }: ChatRequest): (readonly [string, object])[] {
  const ofFormat = format?.type === "json_schema" ? [["response_format", format.json_schema.schema] as const] : [];
  const ofTools = tools.map(
    (tool, index) => [`tools[${index}].function.parameters`, tool.function.parameters ?? {}] as const,
  );
  return [...ofFormat, ...ofTools];
}

/** Walks with a list of its own, not the stack; the depth was bounded when the body was read. */
function countEnumValues(schema: object): number {
  let count = 0;
  const waiting: unknown[] = [schema];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== "object" || node === null) continue;
    for (const [key, value] of Object.entries(node)) {
      if (key === "enum" && Array.isArray(value)) count += value.length;
      else waiting.push(value);
    }
  }
  return count;
}

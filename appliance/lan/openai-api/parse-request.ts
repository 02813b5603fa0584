// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "zod";
import { describeIssue } from "./describe-issue.ts";
import { invalidRequest, type OpenAiFailure } from "./openai-failure.ts";

/** A body that fits its schema, or the failure that says where it does not. */
export type ParsedRequest<Value> =
  | { readonly isValid: true; readonly value: Value }
  | { readonly isValid: false; readonly failure: OpenAiFailure };

/** Reads a JSON body against a schema. The failure's `param` is a path such as `messages[0].content`. */
export function parseRequest<Schema extends z.ZodType>(text: string, schema: Schema): ParsedRequest<z.output<Schema>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The parser's own words would repeat a piece of the body.
    return { isValid: false, failure: invalidRequest("The body is not valid JSON.", null, "invalid_json") };
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { isValid: false, failure: invalidRequest("The body must be a JSON object.", null, "invalid_json") };
  }
  const result = schema.safeParse(body);
  if (result.success) return { isValid: true, value: result.data };
  const { place, sentence } = describeIssue(result.error, "The body");
  return { isValid: false, failure: invalidRequest(sentence, place === "" ? null : place, "invalid_value") };
}

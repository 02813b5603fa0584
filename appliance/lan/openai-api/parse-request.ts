// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "zod";
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
  const place = deepestIssue(result.error.issues, []);
  const param = formatPath(place.path);
  const message = `Invalid value for '${param}': ${place.message}`;
  return { isValid: false, failure: invalidRequest(message, param === "" ? null : param, "invalid_value") };
}

interface IssuePlace {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a union's branches, the one that got furthest is the one the client meant. */
function deepestIssue(issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[]): IssuePlace {
  const first = issues[0];
  if (first === undefined) return { path: prefix, message: "invalid" };
  const path = [...prefix, ...first.path];
  if (first.code !== "invalid_union") return { path, message: first.message };
  const branches = first.errors.map((branch) => deepestIssue(branch, path));
  return branches.reduce((best, branch) => (branch.path.length > best.path.length ? branch : best), {
    path,
    message: first.message,
  });
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "zod";
import { HearthError } from "../errors/index.ts";

/**
 * Parses text from outside against a schema: the only way in for JSON.
 * @throws HearthError `invalid-json` with the place of the first problem; the text itself is not repeated.
 */
export function parseJson<Schema extends z.ZodType>(text: string, schema: Schema, what: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HearthError({ code: "invalid-json", message: `${what} is not valid JSON`, cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? "the top level" : issue.path.join(".");
  throw new HearthError({
    code: "invalid-json",
    message: `${what} is not as expected at ${place}: ${issue?.message ?? "invalid"}`,
    cause: result.error,
  });
}

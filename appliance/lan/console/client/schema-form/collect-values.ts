// SPDX-License-Identifier: AGPL-3.0-only
import type { SchemaField } from "./read-schema-fields.ts";

export type FormValues = Readonly<Record<string, string | boolean>>;

/** What is wrong with a field; the box checks everything else. */
export type FieldProblem = "required" | "not-a-number" | "not-an-address";

export type CollectedValues =
  | { readonly isComplete: true; readonly config: Readonly<Record<string, unknown>> }
  | { readonly isComplete: false; readonly problems: Readonly<Record<string, FieldProblem>> };

function findProblem(field: SchemaField, value: string | boolean): FieldProblem | undefined {
  if (typeof value === "boolean") return undefined;
  if (value === "") return field.isRequired ? "required" : undefined;
  if (field.kind === "number" && !Number.isFinite(Number(value))) return "not-a-number";
  if (field.kind === "url" && !/^https?:\/\/[^\s]+$/.test(value)) return "not-an-address";
  return undefined;
}

/** The configuration that a filled form makes; fields left empty are left out. Passwords keep their spaces. */
export function collectValues(fields: readonly SchemaField[], values: FormValues): CollectedValues {
  const config: Record<string, unknown> = {};
  const problems: Record<string, FieldProblem> = {};
  for (const field of fields) {
    const entered = values[field.name] ?? field.initial;
    const value = typeof entered === "string" && field.kind !== "password" ? entered.trim() : entered;
    const problem = findProblem(field, value);
    if (problem !== undefined) problems[field.name] = problem;
    else if (value !== "") config[field.name] = field.kind === "number" ? Number(value) : value;
  }
  return Object.keys(problems).length > 0 ? { isComplete: false, problems } : { isComplete: true, config };
}

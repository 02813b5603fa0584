// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../../shared/errors/index.ts";
import { jsonRules, literal } from "./gbnf.ts";

/** A schema as grammar rules; `root` is the rule for the whole value. */
export interface SchemaGrammar {
  readonly root: string;
  readonly rules: readonly string[];
}

export interface SchemaGrammarOptions {
  /** Leave out constraints that a grammar cannot hold (patterns, bounds) instead of refusing them. */
  readonly isLenient: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

const unenforced = [
  "pattern",
  "not",
  "if",
  "then",
  "else",
  "patternProperties",
  "propertyNames",
  "dependentRequired",
  "dependentSchemas",
  "dependencies",
  "contains",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "multipleOf",
  "unevaluatedProperties",
] as const;
const maxDepth = 40;
const maxRules = 4000;
const maxRepeats = 1000;

function refuse(message: string): never {
  throw new HearthError({ code: "invalid-request", message: `the JSON schema cannot be held: ${message}` });
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function repeats(least: unknown, most: unknown): { least: number; most: number | undefined } {
  const from = typeof least === "number" && least > 0 ? Math.floor(least) : 0;
  const to = typeof most === "number" ? Math.floor(most) : undefined;
  if (from > maxRepeats || (to !== undefined && (to > maxRepeats || to < from))) {
    refuse(`lengths have to lie between 0 and ${maxRepeats}, the smaller one first`);
  }
  return { least: from, most: to };
}

interface Builder {
  readonly prefix: string;
  readonly root: unknown;
  readonly options: SchemaGrammarOptions;
  readonly rules: Map<string, string>;
  readonly references: Map<string, string>;
}

function rule(builder: Builder, body: string): string {
  if (builder.rules.size >= maxRules) refuse(`it needs more than ${maxRules} rules`);
  const name = `${builder.prefix}-${builder.rules.size}`;
  builder.rules.set(name, body);
  return name;
}

function resolve(builder: Builder, reference: string): unknown {
  if (!reference.startsWith("#")) refuse(`only references within the schema are followed, not ${reference}`);
  let at: unknown = builder.root;
  for (const part of reference.slice(1).split("/").filter(Boolean)) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    at = isObject(at) && Object.hasOwn(at, key) ? at[key] : refuse(`${reference} points nowhere`);
  }
  return at;
}

/** A named rule for a reference, made once, so that schemas may be recursive. */
function referenceRule(builder: Builder, reference: string, depth: number): string {
  const known = builder.references.get(reference);
  if (known !== undefined) return known;
  const name = rule(builder, "");
  builder.references.set(reference, name);
  builder.rules.set(name, expression(builder, resolve(builder, reference), depth + 1));
  return name;
}

function stringExpression(schema: Schema): string {
  const { least, most } = repeats(schema.minLength, schema.maxLength);
  if (least === 0 && most === undefined) return "string";
  return `"\\"" char{${least},${most ?? ""}} "\\""`;
}

function numberExpression(builder: Builder, schema: Schema, type: "integer" | "number"): string {
  const least = schema.minimum ?? (schema.exclusiveMinimum === 0 && type === "integer" ? 1 : schema.exclusiveMinimum);
  const most = schema.maximum ?? schema.exclusiveMaximum;
  const isWide = (bound: unknown): boolean => typeof bound !== "number" || Math.abs(bound) >= Number.MAX_SAFE_INTEGER;
  if (
    type === "integer" &&
    typeof least === "number" &&
    typeof most === "number" &&
    most - least <= 256 &&
    most >= least
  ) {
    const whole = Array.from(
      { length: Math.floor(most) - Math.ceil(least) + 1 },
      (_, index) => Math.ceil(least) + index,
    );
    if (whole.length > 0) return `(${whole.map((value) => literal(String(value))).join(" | ")})`;
  }
  if (least === 0 && isWide(most)) return type === "integer" ? "integral" : `integral ("." [0-9]{1,15})?`;
  if (least === 1 && type === "integer" && isWide(most)) return "[1-9] [0-9]{0,15}";
  if ((!isWide(least) || !isWide(most)) && !builder.options.isLenient) {
    refuse(`${type} bounds can be held for whole ranges of at most 256 values, or a minimum of 0 or 1`);
  }
  return type;
}

function arrayExpression(builder: Builder, schema: Schema, depth: number): string {
  const { least, most } = repeats(schema.minItems, schema.maxItems);
  if (Array.isArray(schema.prefixItems)) {
    const parts = schema.prefixItems.map((item) => expression(builder, item, depth + 1));
    return rule(builder, `"[" ws ${parts.join(' "," ws ')} ws "]"`);
  }
  if (most === 0) return '"[" ws "]"';
  const item = schema.items === undefined ? "value" : rule(builder, expression(builder, schema.items, depth + 1));
  const rest = `("," ws ${item}){${Math.max(0, least - 1)},${most === undefined ? "" : most - 1}}`;
  const list = `${item} ${rest}`;
  return rule(builder, `"[" ws ${least === 0 ? `(${list})?` : list} ws "]"`);
}

/** Properties in the schema's order, optional ones left out or not, with commas where they belong. */
function objectExpression(builder: Builder, schema: Schema, depth: number): string {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const entries = Object.entries(properties);
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  for (const name of required)
    if (typeof name === "string" && !Object.hasOwn(properties, name)) refuse(`"${name}" is required but not described`);
  const additional = schema.additionalProperties;
  if (entries.length === 0) {
    if (additional === false) return '"{" ws "}"';
    if (!isObject(additional)) return schema.properties === undefined ? "object" : '"{" ws "}"';
    const pair = `string ":" ws ${rule(builder, expression(builder, additional, depth + 1))}`;
    return rule(builder, `"{" ws (${pair} ("," ws ${pair})*)? ws "}"`);
  }
  const pairs = entries.map(([name, value]) => ({
    text: `${literal(JSON.stringify(name))} ":" ws ${rule(builder, expression(builder, value, depth + 1))}`,
    isRequired: required.has(name),
  }));
  // after[i]: what may follow once at least one property was written; from[i]: nothing was written yet.
  let after = "";
  let from = "";
  for (const { text, isRequired } of pairs.toReversed()) {
    const tail = after === "" ? "" : ` ${rule(builder, after)}`;
    const nextFrom = isRequired ? `${text}${tail}` : `(${text}${tail})${from === "" ? "?" : ` | ${from}`}`;
    after = isRequired ? `"," ws ${text}${tail}` : `("," ws ${text})?${tail}`;
    from = rule(builder, nextFrom);
  }
  return rule(builder, `"{" ws ${from} ws "}"`);
}

function mergeAll(builder: Builder, schema: Schema, parts: readonly unknown[]): Schema {
  const all = [{ ...schema, allOf: undefined }, ...parts].map((part) => {
    const resolved = isObject(part) && typeof part.$ref === "string" ? resolve(builder, part.$ref) : part;
    return isObject(resolved) ? resolved : refuse("allOf may only join object schemas");
  });
  const properties = Object.assign({}, ...all.map((part) => (isObject(part.properties) ? part.properties : {})));
  const required = all.flatMap((part) => (Array.isArray(part.required) ? part.required : []));
  return { ...Object.assign({}, ...all), allOf: undefined, properties, required };
}

function typeExpression(builder: Builder, schema: Schema, type: unknown, depth: number): string {
  switch (type) {
    case "string":
      return stringExpression(schema);
    case "integer":
    case "number":
      return numberExpression(builder, schema, type);
    case "boolean":
    case "null":
      return type;
    case "array":
      return arrayExpression(builder, schema, depth);
    case "object":
      return objectExpression(builder, schema, depth);
    default:
      return refuse(`unknown type ${JSON.stringify(type)}`);
  }
}

function expression(builder: Builder, schema: unknown, depth: number): string {
  if (depth > maxDepth) refuse(`it is nested more than ${maxDepth} deep`);
  if (schema === true || schema === undefined) return "value";
  if (!isObject(schema)) return refuse("each schema has to be an object or true");
  const unknown = builder.options.isLenient ? undefined : unenforced.find((keyword) => schema[keyword] !== undefined);
  if (unknown !== undefined) refuse(`"${unknown}" is not supported`);
  if (typeof schema.$ref === "string") return referenceRule(builder, schema.$ref, depth);
  if (schema.const !== undefined) return literal(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum)) {
    if (schema.enum.length === 0) refuse("an enum has no values");
    return `(${schema.enum.map((value) => literal(JSON.stringify(value))).join(" | ")})`;
  }
  if (Array.isArray(schema.allOf)) return expression(builder, mergeAll(builder, schema, schema.allOf), depth + 1);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) {
    if (alternatives.length === 0) refuse("anyOf has no alternatives");
    return `(${alternatives.map((part) => expression(builder, part, depth + 1)).join(" | ")})`;
  }
  const type =
    schema.type ?? (isObject(schema.properties) ? "object" : schema.items === undefined ? undefined : "array");
  if (type === undefined) return "value";
  if (!Array.isArray(type)) return typeExpression(builder, schema, type, depth);
  return `(${type.map((one) => typeExpression(builder, schema, one, depth)).join(" | ")})`;
}

/**
 * Turns a JSON schema into GBNF rules: objects (optional properties too), arrays, strings with lengths, numbers, enum,
 * const, anyOf, oneOf, allOf, local and recursive references.
 * @throws HearthError `invalid-request` that names what cannot be held.
 */
export function schemaGrammar(schema: unknown, prefix: string, options: SchemaGrammarOptions): SchemaGrammar {
  const builder: Builder = { prefix, root: schema, options, rules: new Map(), references: new Map() };
  builder.references.set("#", `${prefix}-top`);
  const root = expression(builder, schema, 0);
  builder.rules.set(`${prefix}-top`, root);
  return { root: `${prefix}-top`, rules: [...builder.rules].map(([name, body]) => `${name} ::= ${body}`) };
}

/** A whole grammar for a schema. */
export function jsonSchemaGrammar(schema: unknown): string {
  const { root, rules } = schemaGrammar(schema, "s", { isLenient: false });
  return `root ::= ${root}\n${rules.join("\n")}\n${jsonRules.join("\n")}\n`;
}

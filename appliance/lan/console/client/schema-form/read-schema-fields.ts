// SPDX-License-Identifier: AGPL-3.0-only

/** One value that a channel's manifest asks for. */
export interface SchemaField {
  readonly name: string;
  readonly kind: "text" | "long-text" | "password" | "url" | "number" | "boolean" | "choice";
  readonly isRequired: boolean;
  /** What need not be given stands behind "More". */
  readonly isAdvanced: boolean;
  /** As the manifest says them, if it does. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly choices: readonly string[];
  readonly initial: string | boolean;
}

/** A text that may be longer gets several lines. */
const longestLine = 4096;

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function kindOf(property: JsonObject): SchemaField["kind"] | undefined {
  if (Array.isArray(property.enum)) return "choice";
  const type = property.type;
  if (type === "boolean") return "boolean";
  if (type === "number" || type === "integer") return "number";
  if (type !== "string") return undefined;
  const format = property.format;
  if (format === undefined && Number(property.maxLength) > longestLine) return "long-text";
  return format === "password" ? "password" : format === "uri" || format === "url" ? "url" : "text";
}

/**
 * The fields of a form for a JSON Schema object: its flat properties of plain types, in the schema's order. What a form
 * cannot ask for (nested objects, lists) is left to its default.
 */
export function readSchemaFields(schema: JsonObject): readonly SchemaField[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields: SchemaField[] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue;
    const kind = kindOf(property);
    if (kind === undefined) continue;
    const preset = property.default;
    const isRequired = required.includes(name) && preset === undefined;
    const choices = Array.isArray(property.enum) ? property.enum.map(String) : [];
    fields.push({
      name,
      kind,
      isRequired,
      isAdvanced: !isRequired,
      title: text(property.title),
      description: text(property.description),
      choices,
      initial: kind === "boolean" ? preset === true : preset === undefined ? "" : String(preset),
    });
  }
  return fields;
}

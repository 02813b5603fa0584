// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";

interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
}

/**
 * Turns `--callback URL --secret -` into the configuration of a channel, by its JSON Schema: names match in camel case or
 * with dashes, values become numbers and booleans where the schema says so, and `-` reads a secret from standard input.
 * @throws HearthError `unknown-setting` or `setting-without-value`, naming the settings that there are.
 */
export async function configFromOptions(
  configSchema: Readonly<Record<string, unknown>>,
  words: readonly string[],
  readSecret: () => Promise<string>,
): Promise<Record<string, unknown>> {
  const properties = (configSchema.properties ?? {}) as Readonly<Record<string, PropertySchema>>;
  const known = new Map(Object.keys(properties).map((name) => [normalise(name), name]));
  const config: Record<string, unknown> = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const [flag, inline] = word.split(/=(.*)/s, 2) as [string, string | undefined];
    const name = flag.startsWith("--") ? known.get(normalise(flag.slice(2))) : undefined;
    const property = name === undefined ? undefined : properties[name];
    if (name === undefined || property === undefined) throw unknownSetting(word, Object.keys(properties));
    const next = words[index + 1];
    if (property.type === "boolean" && inline === undefined && (next === undefined || next.startsWith("--"))) {
      config[name] = true;
      continue;
    }
    const value = inline ?? next;
    if (value === undefined) {
      throw new HearthError({
        code: "setting-without-value",
        message: `--${name} needs a value`,
        remedy: `Write --${name} VALUE.`,
      });
    }
    if (inline === undefined) index += 1;
    config[name] =
      value === "-" && property.format === "password"
        ? (await readSecret()).replace(/\r?\n$/, "")
        : typed(value, property);
  }
  return config;
}

function normalise(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}

function typed(value: string, property: PropertySchema): unknown {
  if ((property.type === "number" || property.type === "integer") && /^-?\d+(\.\d+)?$/.test(value))
    return Number(value);
  if (property.type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (property.type === "array") return value.split(",").map((item) => item.trim());
  return value;
}

function unknownSetting(word: string, names: readonly string[]): HearthError {
  return new HearthError({
    code: "unknown-setting",
    message: `"${word}" is not a setting of this kind of channel`,
    remedy: names.length === 0 ? "It has no settings." : `Settings: ${names.map((name) => `--${name}`).join(" ")}.`,
  });
}

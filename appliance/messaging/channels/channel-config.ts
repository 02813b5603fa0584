// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import { HearthError } from "../../../shared/errors/index.ts";
import type { AdapterModule } from "../protocol/index.ts";
import type { ChannelErrorCode } from "./channel-error.ts";

type Config = Readonly<Record<string, unknown>>;

const propertiesSchema = z.record(z.string(), z.object({ format: z.string().optional() }));

/** Names of the secrets of a kind: its properties with `format: "password"`. */
function secretNames(module: AdapterModule): string[] {
  const properties = propertiesSchema.safeParse(module.manifest.configSchema.properties ?? {});
  if (!properties.success) return [];
  return Object.entries(properties.data).flatMap(([name, { format }]) => (format === "password" ? [name] : []));
}

/** A configuration as people may see it, and which secrets it has. */
export function hideSecrets(module: AdapterModule, config: Config): { config: Config; secretsSet: string[] } {
  const secrets = secretNames(module);
  const shown = Object.entries(config).filter(([name]) => !secrets.includes(name));
  return { config: Object.fromEntries(shown), secretsSet: secrets.filter((name) => config[name] !== undefined) };
}

/** What a ZodError says first; the values themselves are not repeated, they may be secrets. */
function firstProblem(thrown: unknown): string {
  const issue = thrown instanceof z.ZodError ? thrown.issues[0] : undefined;
  if (issue === undefined) return thrown instanceof Error ? thrown.message : "invalid";
  return issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`;
}

/** Checks a configuration by the adapter's own rules and fills in defaults. @throws HearthError `channel-config-invalid` */
export function parseChannelConfig(module: AdapterModule, config: Config): Config {
  const { id, configSchema } = module.manifest;
  try {
    if (module.parseConfig !== undefined) return module.parseConfig(config);
    return z.record(z.string(), z.unknown()).parse(z.fromJSONSchema(configSchema).parse(config));
  } catch (cause) {
    throw new HearthError<ChannelErrorCode>({
      code: "channel-config-invalid",
      message: `the configuration does not fit a channel of kind ${id}: ${firstProblem(cause)}`,
      remedy: `\`hearth channel add ${id} --help\` lists what it needs.`,
      details: { kind: id },
    });
  }
}

/** A configuration with changes: keys given replace, null removes, absent keys stay. */
export function mergeConfig(config: Config, changes: Config): Config {
  const merged = Object.entries({ ...config, ...changes });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

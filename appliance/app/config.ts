// SPDX-License-Identifier: AGPL-3.0-only
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { z } from "zod";
import { HearthError } from "../../shared/errors/index.ts";
import { type MessageStep, messageSteps } from "../../shared/lifecycle/index.ts";
import { type ListenAddress, parseListenAddress } from "../lan/http-api/index.ts";

/** Which process of the box dies where; `passing` counts from 1. */
export interface CrashPoint {
  readonly process: "main" | "engine";
  readonly step: MessageStep;
  readonly passing: number;
}

/** Everything the environment decides. The rest is in the database, changed through the console or the CLI. */
export interface AppConfig {
  /** The data folder, absolute. */
  readonly home: string;
  readonly listen: ListenAddress;
  /** Model id or path of a GGUF; undefined: what `hearth model use` chose, else the guide. */
  readonly model: string | undefined;
  readonly backend:
    | { readonly kind: "builtin" }
    | { readonly kind: "openai"; readonly baseUrl: string; readonly apiKey: string | undefined };
  readonly logLevel: "debug" | "info" | "warn" | "error";
  /** Passphrase of the master key, when it is not in a file. */
  readonly passphrase: string | undefined;
  /** Fault tests: kill a process of the box with SIGKILL at the n-th passing of a step. */
  readonly crashAt: CrashPoint | undefined;
}

const logLevelSchema = z.enum(["debug", "info", "warn", "error"]);

/**
 * Reads the configuration from environment variables: `HEARTH_HOME`, `HEARTH_LISTEN`, `HEARTH_MODEL`,
 * `HEARTH_BACKEND`, `HEARTH_BACKEND_KEY`, `HEARTH_LOG`, `HEARTH_PASSPHRASE`, `HEARTH_TEST_CRASH_AT`.
 * @throws HearthError `invalid-config` that names the variable, its value and what it takes.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): AppConfig {
  return {
    home: readHome(environment.HEARTH_HOME),
    listen: parseListenAddress(emptyToUndefined(environment.HEARTH_LISTEN) ?? "127.0.0.1:7411"),
    model: emptyToUndefined(environment.HEARTH_MODEL),
    backend: parseBackend(environment.HEARTH_BACKEND, environment.HEARTH_BACKEND_KEY),
    logLevel: parseLogLevel(environment.HEARTH_LOG),
    passphrase: emptyToUndefined(environment.HEARTH_PASSPHRASE),
    crashAt: parseCrashAt(environment.HEARTH_TEST_CRASH_AT),
  };
}

function emptyToUndefined(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}

function readHome(value: string | undefined): string {
  const home = emptyToUndefined(value);
  if (home === undefined) return join(homedir(), ".hearth");
  return isAbsolute(home) ? home : resolve(home);
}

function parseBackend(value: string | undefined, apiKey: string | undefined): AppConfig["backend"] {
  const backend = emptyToUndefined(value);
  if (backend === undefined || backend === "builtin") return { kind: "builtin" };
  const url = backend.startsWith("openai:") ? backend.slice("openai:".length) : undefined;
  const expected = "builtin, or openai:<base URL ending in /v1>";
  if (url === undefined || !URL.canParse(url)) throw invalid("HEARTH_BACKEND", backend, expected);
  const parsed = new URL(url);
  const isHttp = parsed.protocol === "http:" || parsed.protocol === "https:";
  const path = parsed.pathname.replace(/\/+$/, "");
  if (!isHttp || !path.endsWith("/v1")) throw invalid("HEARTH_BACKEND", backend, expected);
  return { kind: "openai", baseUrl: `${parsed.origin}${path}`, apiKey: emptyToUndefined(apiKey) };
}

function parseLogLevel(value: string | undefined): AppConfig["logLevel"] {
  const level = emptyToUndefined(value);
  if (level === undefined) return "info";
  const result = logLevelSchema.safeParse(level);
  if (!result.success) throw invalid("HEARTH_LOG", level, logLevelSchema.options.join(", "));
  return result.data;
}

function parseCrashAt(value: string | undefined): AppConfig["crashAt"] {
  const text = emptyToUndefined(value);
  if (text === undefined) return undefined;
  const match = /^(?:(main|engine):)?([a-z0-9-]+)(?:@([1-9]\d{0,5}))?$/.exec(text);
  const step = messageSteps.find((candidate) => candidate === match?.[2]);
  if (step === undefined) {
    throw invalid("HEARTH_TEST_CRASH_AT", text, `[main:|engine:]STEP[@N] with a step of ${messageSteps.join(", ")}`);
  }
  return { process: match?.[1] === "engine" ? "engine" : "main", step, passing: Number(match?.[3] ?? "1") };
}

function invalid(name: string, value: string, expected: string): HearthError<"invalid-config"> {
  return new HearthError({
    code: "invalid-config",
    message: `${name} is "${value}", which is not understood`,
    remedy: `Set ${name} to ${expected}, or unset it.`,
    details: { name },
  });
}

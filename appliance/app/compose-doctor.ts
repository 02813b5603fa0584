// SPDX-License-Identifier: AGPL-3.0-only
import { readdirSync, statfsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { systemClock } from "../../shared/clock/index.ts";
import { toHearthError } from "../../shared/errors/index.ts";
import { parseJson } from "../../shared/json/index.ts";
import type { Engine } from "../inference/engine/index.ts";
import { readHardwareFacts } from "../inference/hardware/index.ts";
import type { ModelStore } from "../inference/model-store/index.ts";
import type { ChannelManager } from "../messaging/channels/index.ts";
import {
  channelsCheck,
  clockCheck,
  createDoctor,
  type Doctor,
  databaseCheck,
  dataFolderCheck,
  diskCheck,
  type FileFacts,
  type ModelFacts,
  masterKeyCheck,
  memoryCheck,
  modelCheck,
  type NativeLibraryFacts,
  nativeLibraryCheck,
  threadsCheck,
} from "../ops/health/index.ts";
import type { AppConfig } from "./config.ts";
import type { OpenData } from "./open-data.ts";
import { selfCommand } from "./self-command.ts";
import { releaseDayMs } from "./version.ts";

/** What the doctor looks at. */
export interface DoctorParts {
  readonly config: AppConfig;
  readonly data: OpenData;
  readonly engine: Engine;
  readonly models: ModelStore;
  readonly channels: ChannelManager;
  readonly isServing: boolean;
}

const selfCheckSchema = z.object({
  native: z.union([
    z.object({ isOk: z.literal(true), variant: z.string(), llamaCppRelease: z.string() }),
    z.object({ isOk: z.literal(false), message: z.string() }),
  ]),
});

/** The doctor with the facts of this box. */
export function composeDoctor(parts: DoctorParts): Doctor {
  const { config, data, engine, channels, isServing } = parts;
  const { folder, audit } = data;
  return createDoctor(
    [
      nativeLibraryCheck({
        read: async () => (config.backend.kind === "openai" ? null : readNativeLibrary(folder.home)),
      }),
      modelCheck({ read: () => readModelFacts(parts) }),
      threadsCheck({
        read: () => {
          const { threads } = engine.status();
          return {
            cores: readHardwareFacts().availableCores,
            threads: threads ?? null,
            isMeasured: threads !== undefined,
          };
        },
      }),
      memoryCheck({
        read: () => {
          const { memoryTotalBytes, memoryAvailableBytes } = readHardwareFacts();
          return { totalBytes: memoryTotalBytes, availableBytes: memoryAvailableBytes };
        },
      }),
      diskCheck({
        read: () => {
          const { bavail, bsize } = statfsSync(folder.home);
          return { freeBytes: bavail * bsize };
        },
      }),
      clockCheck({
        read: () => ({
          nowMs: Date.now(),
          builtMs: releaseDayMs,
          latestRecordMs: audit.list({ limit: 1 })[0]?.atMs ?? null,
        }),
      }),
      dataFolderCheck({ read: async () => readFileFacts(folder.home) }),
      masterKeyCheck({
        read: () => ({ isUsable: true, source: config.passphrase === undefined ? "file" : "passphrase" }),
      }),
      databaseCheck({
        findProblems: async () => readDatabaseProblems(folder.database),
      }),
      channelsCheck({
        read: () =>
          channels
            .list()
            .filter((channel) => isServing && channel.isEnabled)
            .map(({ name, connection }) => ({
              name,
              status: connection.status,
              ...(connection.message === undefined ? {} : { message: connection.message }),
            })),
      }),
    ],
    { clock: systemClock },
  );
}

/** Of a running box what the engine says; of a stopped one whether the chosen file can be used at the next start. */
function readModelFacts({ config, engine, models, isServing }: DoctorParts): ModelFacts {
  if (isServing) {
    const { state, model, problem } = engine.status();
    return { model: model ?? null, isGuide: model === "guide", state, ...(problem === undefined ? {} : { problem }) };
  }
  const chosen = config.model ?? models.chosenModel();
  try {
    const { id, isGuide } = models.inspectModel(chosen);
    return { model: id, isGuide, state: "not-running" };
  } catch (thrown) {
    return { model: basename(chosen), isGuide: false, state: "down", problem: toHearthError(thrown).message };
  }
}

/** In a process of its own: reading every page of a large database takes long, and answers must not wait for it. */
async function readDatabaseProblems(path: string): Promise<readonly string[]> {
  const child = Bun.spawn([...selfCommand(), "--role=check-database", path], {
    env: {},
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [output, exitCode] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  if (exitCode !== 0) return [`the check itself ended with ${child.signalCode ?? exitCode}`];
  return output.split("\n").filter((line) => line !== "");
}

/** In a process of its own: loading foreign code can end the process that does it. */
async function readNativeLibrary(home: string): Promise<NativeLibraryFacts> {
  const child = Bun.spawn([...selfCommand(), "self-check", "--json"], {
    env: { HEARTH_HOME: home },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const [output] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  if (output === "")
    return { isUsable: false, problem: `it ended the process that loaded it (${child.signalCode ?? child.exitCode})` };
  const { native } = parseJson(output, selfCheckSchema, "the answer of self-check");
  return native.isOk
    ? { isUsable: true, backend: native.variant, version: native.llamaCppRelease }
    : { isUsable: false, problem: native.message };
}

function readFileFacts(home: string): readonly FileFacts[] {
  const paths = [
    home,
    ...readdirSync(home)
      .filter((name) => !name.endsWith(".sock"))
      .map((name) => join(home, name)),
  ];
  const self = process.getuid?.();
  return paths.map((path) => {
    const { mode, uid } = statSync(path);
    return { path, mode: mode & 0o777, isOwnedByBox: self === undefined || uid === self };
  });
}

// SPDX-License-Identifier: AGPL-3.0-only
import { readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { systemClock } from "../../shared/clock/index.ts";
import { parseJson } from "../../shared/json/index.ts";
import type { Engine } from "../inference/engine/index.ts";
import { readHardwareFacts } from "../inference/hardware/index.ts";
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
export function composeDoctor({ config, data, engine, channels, isServing }: DoctorParts): Doctor {
  const { folder, storage, audit } = data;
  return createDoctor(
    [
      nativeLibraryCheck({
        read: async () => (config.backend.kind === "openai" ? null : readNativeLibrary(folder.home)),
      }),
      modelCheck({
        read: () => {
          const status = engine.status();
          const state = isServing ? status.state : ("not-running" as const);
          return {
            model: status.model ?? null,
            isGuide: status.model === "guide",
            state,
            ...(status.problem === undefined ? {} : { problem: status.problem }),
          };
        },
      }),
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
        findProblems: async () => {
          const rows = storage.database.query<{ integrity_check: string }, []>("PRAGMA integrity_check(5)").all();
          return rows.map((row) => row.integrity_check).filter((text) => text !== "ok");
        },
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

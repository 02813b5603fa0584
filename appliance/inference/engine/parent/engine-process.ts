// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../../shared/errors/index.ts";
import { createFrameDecoder, encodeFrame } from "../wire/frames.ts";
import type { EngineOrder, EngineReport } from "../wire/messages.ts";

/** A running engine child. */
export interface EngineProcess {
  readonly processId: number;
  send(order: EngineOrder): void;
  /** Ends it at once (SIGKILL). */
  kill(): void;
  /** Resolves when it is gone, with how. */
  readonly exited: Promise<string>;
}

/** What the parent wants to hear. */
export interface EngineProcessHandlers {
  onReport(report: EngineReport): void;
  /** One line of the child's stderr: llama.cpp's own words, never prompt text. */
  onLog(line: string): void;
  /** The stream is not one of frames (any more). */
  onBroken(problem: string): void;
}

/** Starts an engine child. A port: tests may start another one. */
export type SpawnEngineProcess = (handlers: EngineProcessHandlers) => EngineProcess;

async function readFrames(stream: ReadableStream<Uint8Array>, handlers: EngineProcessHandlers): Promise<void> {
  const decoder = createFrameDecoder();
  try {
    // The child is our own file: its reports are typed, and only their framing is checked.
    for await (const bytes of stream) for (const value of decoder.push(bytes)) handlers.onReport(value as EngineReport);
  } catch (thrown) {
    handlers.onBroken(toHearthError(thrown).message);
  }
}

const maxLineCharacters = 500;

async function readLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let held = "";
  try {
    for await (const bytes of stream) {
      const lines = (held + decoder.decode(bytes, { stream: true })).split("\n");
      held = (lines.pop() ?? "").slice(-maxLineCharacters);
      for (const line of lines) if (line.trim() !== "") onLine(line.slice(0, maxLineCharacters));
    }
  } catch {
    // The pipe broke with the child; its end is reported by `exited`.
  }
  if (held.trim() !== "") onLine(held);
}

/** All that the child gets of an environment. A crash of the library ends it at once, without a debugger looking on. */
const childEnvironment = { UV_THREADPOOL_SIZE: "1", LC_ALL: "C", GGML_METAL_NO_RESIDENCY: "1", GGML_NO_BACKTRACE: "1" };

/**
 * Starts `command` as an engine child with an environment of its own. One libuv worker: Bun would hand each step to
 * another one, whose core has cold caches.
 */
export function spawnEngineProcess(command: readonly string[], handlers: EngineProcessHandlers): EngineProcess {
  const child = Bun.spawn([...command], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    env: childEnvironment,
  });
  void readFrames(child.stdout, handlers);
  void readLines(child.stderr, handlers.onLog);
  return {
    processId: child.pid,
    send(order) {
      try {
        child.stdin.write(encodeFrame(order));
        void Promise.resolve(child.stdin.flush()).catch(() => undefined);
      } catch {
        // It is gone already; `exited` says so, and what was asked is asked again of the next one.
      }
    },
    kill: () => child.kill("SIGKILL"),
    exited: child.exited.then(() =>
      child.signalCode === null ? `exit code ${child.exitCode}` : `signal ${child.signalCode}`,
    ),
  };
}

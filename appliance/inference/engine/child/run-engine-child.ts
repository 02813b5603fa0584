// SPDX-License-Identifier: AGPL-3.0-only
import { systemClock } from "../../../../shared/clock/index.ts";
import { createFrameDecoder, encodeFrame } from "../wire/frames.ts";
import type { EngineOrder, EngineReport } from "../wire/messages.ts";
import { createEngineChild } from "./engine-child.ts";

/**
 * The entry of `--role=engine`: reads orders from stdin, writes reports to stdout, llama.cpp's own lines to stderr.
 * Ends with the parent: when stdin ends, whatever is running is nobody's any more.
 */
export async function runEngineChild(_argv: readonly string[]): Promise<void> {
  const output = Bun.stdout.writer();
  // A library that prints must not write into the stream of frames.
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
  const report = (value: EngineReport): void => {
    output.write(encodeFrame(value));
    void output.flush();
  };
  const child = createEngineChild({
    clock: systemClock,
    report,
    logNative: (level, line) => console.error(`${level}: ${line}`),
  });
  const decoder = createFrameDecoder();
  for await (const bytes of Bun.stdin.stream()) {
    for (const value of decoder.push(bytes)) {
      // Orders come from the process that started this one, over a pipe nobody else has: typed, not checked again.
      const order = value as EngineOrder;
      if (order.type === "shutdown") {
        await child.stop();
        process.exit(0);
      }
      child.take(order);
    }
  }
  process.exit(0);
}

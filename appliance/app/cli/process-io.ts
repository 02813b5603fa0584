// SPDX-License-Identifier: AGPL-3.0-only
import { createInterface } from "node:readline/promises";
import { HearthError } from "../../../shared/errors/index.ts";
import type { CliIo } from "./cli-io.ts";

/** The real terminal, environment and working directory. */
export function processIo(): CliIo {
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    isTerminal: process.stdout.isTTY === true,
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    async ask(question) {
      if (process.stdin.isTTY !== true) return undefined;
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
    async readInput(maxBytes) {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      for await (const chunk of process.stdin) {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) {
          throw new HearthError({
            code: "input-too-large",
            message: `standard input is larger than ${maxBytes} bytes`,
            remedy: "Give a file instead.",
          });
        }
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

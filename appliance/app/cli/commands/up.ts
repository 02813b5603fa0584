// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import { terminalSink } from "../../../../shared/logging/index.ts";
import type { Link, Status } from "../../../lan/http-api/index.ts";
import { composeAppliance } from "../../compose.ts";
import { readConfig } from "../../config.ts";
import { createBoxClient } from "../box-client.ts";
import type { CommandRunner } from "../command-runner.ts";

/** `hearth up`: the appliance itself. Runs until SIGTERM or SIGINT. */
export function addUpCommand(program: Command, runner: CommandRunner): void {
  const up = program
    .command("up")
    .description("start the appliance and keep it running")
    .option("--verbose", "show the log on the terminal");
  runner.attach(up, async (context, options: { verbose?: boolean }) => {
    const { io } = context;
    const stopping = stopSignal();
    const config = readConfig(io.environment);
    const sinks = options.verbose === true ? [terminalSink(io.writeError)] : [];
    if (io.isTerminal && !context.isJson) io.write("Starting Hearth …\n");
    await using appliance = await composeAppliance(config, { isServing: true, sinks });
    await appliance.start(stopping);
    const box = createBoxClient(
      async (path, init) => appliance.request(path, init),
      true,
      async () => undefined,
    );
    const status = await box.call<Status>("GET", "/api/status");
    const link = await box.call<Link>("POST", "/api/links", {});
    const greeting = {
      address: status.addresses[0] ?? "",
      link: link.url,
      linkExpiresMs: link.expiresMs,
      home: config.home,
      version: status.version,
      processId: process.pid,
    };
    io.write(context.isJson ? `${JSON.stringify(greeting)}\n` : greet(status, link));
    await aborted(stopping);
    if (io.isTerminal && !context.isJson) io.write("Stopping …\n");
    return undefined;
  });
}

function greet(status: Status, link: Link): string {
  return [
    `\n  ${status.name} ${status.version} is up at ${status.addresses.join(" and ")}`,
    `  ${answersWith(status)}\n`,
    "  Open this link once, within 15 minutes, to sign your browser in:\n",
    `    ${link.url}\n`,
    "  hearth open makes another. Ctrl-C stops the appliance.\n\n",
  ].join("\n");
}

function answersWith(status: Status): string {
  if (status.isReady) return `It answers with the model "${status.engine.model ?? "default"}".`;
  return `It CANNOT ANSWER yet: ${status.problem ?? "the engine is starting"}. hearth doctor says more.`;
}

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // The interval keeps the process alive whatever else is unreferenced.
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => undefined, 60_000);
    signal.addEventListener(
      "abort",
      () => {
        clearInterval(keepAlive);
        resolve();
      },
      { once: true },
    );
  });
}

// SPDX-License-Identifier: AGPL-3.0-only
import { temporaryDirectory } from "../../../shared/testing/index.ts";

/** A real appliance with a data folder of its own, removed with it. */
export interface RunningAppliance extends AsyncDisposable {
  readonly url: string;
  /** The one-time sign-in link that it printed. */
  readonly link: string;
  /** Ends the main process as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again on the same data folder and the same address. */
  restart(): Promise<void>;
}

const startWithinMs = 60_000;

/** Starts `command up` and waits until it has printed its sign-in link. */
export async function startAppliance(command: readonly string[]): Promise<RunningAppliance> {
  const home = temporaryDirectory();
  let url = "";
  let link = "";
  const start = async (listen: string) => {
    const child = Bun.spawn([...command, "up"], {
      env: { HEARTH_HOME: `${home.path}/data`, HEARTH_LISTEN: listen, PATH: process.env.PATH ?? "", HOME: home.path },
      stdout: "pipe",
      stderr: "inherit",
    });
    link = await readLink(child.stdout);
    url = new URL(link).origin;
    return child;
  };
  let child = await start("127.0.0.1:0");
  return {
    get url() {
      return url;
    },
    get link() {
      return link;
    },
    async kill() {
      child.kill("SIGKILL");
      await child.exited;
    },
    async restart() {
      child = await start(new URL(url).host);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
      home[Symbol.dispose]();
    },
  };
}

async function readLink(output: ReadableStream<Uint8Array>): Promise<string> {
  const reader = output.getReader();
  const decoder = new TextDecoder();
  const endsMs = Date.now() + startWithinMs;
  let text = "";
  while (Date.now() < endsMs) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    const found = /https?:\S+\/sign-in#\S+/.exec(text);
    if (found !== null) {
      // What comes later is read and dropped, or the pipe would fill.
      void (async () => {
        while (!(await reader.read()).done);
      })();
      return found[0];
    }
  }
  throw new Error(`the appliance printed no sign-in link, but: ${text}`);
}

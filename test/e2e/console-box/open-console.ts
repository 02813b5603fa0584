// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { type ConsoleBox, startConsoleBox } from "./start-console-box.ts";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where this machine has a Chromium; undefined: the tests that need one are skipped, by name. */
export const chromiumPath = candidates.find((path) => existsSync(path));

/** A browser; as root Chromium has no sandbox of its own. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? "chromium", args: ["--no-sandbox"] });
}

/** A tab on a box, with everything the browser complained about. */
export interface OpenConsole extends AsyncDisposable {
  readonly box: ConsoleBox;
  readonly page: Page;
  /** Errors and warnings of the browser's console, uncaught exceptions, violations of the policy. */
  readonly complaints: string[];
  goto(path: string): Promise<void>;
  /** Another tab of the same browser. */
  openTab(): Promise<Page>;
}

/** Opens the console. By default on a desktop, in English and light, signed in as the owner of a busy box. */
export async function openConsole(
  browser: Browser,
  options: {
    readonly context?: BrowserContextOptions;
    readonly prepare?: (box: ConsoleBox) => void;
    readonly isSignedOut?: boolean;
  } = {},
): Promise<OpenConsole> {
  const box = await startConsoleBox();
  options.prepare?.(box);
  const context = await browser.newContext({
    viewport: { width: 1180, height: 800 },
    locale: "en-GB",
    colorScheme: "light",
    ...options.context,
  });
  const complaints: string[] = [];
  const openTab = async (): Promise<Page> => {
    const page = await context.newPage();
    page.on("console", (entry) => {
      if (entry.type() === "error" || entry.type() === "warning") complaints.push(entry.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI}`);
      });
    });
    return page;
  };
  const page = await openTab();
  if (options.isSignedOut !== true) {
    await page.goto(box.link);
    await page.waitForSelector("nav >> visible=true");
  }
  return {
    box,
    page,
    complaints,
    openTab,
    async goto(path) {
      await page.goto(`${box.url}${path}`);
      await page.waitForSelector("h1");
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      await box[Symbol.asyncDispose]();
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { loadConsoleAssets } from "../../appliance/lan/console/index.ts";
import { newBox } from "./console-box/box-data.ts";
import { findBarriers } from "./console-box/find-barriers.ts";
import { chromiumPath, launchChromium, type OpenConsole, openConsole } from "./console-box/open-console.ts";

setDefaultTimeout(60_000);
let browser: Browser;
const inChromium = describe.skipIf(chromiumPath === undefined);

const pages = [
  "/",
  "/chat",
  "/conversations",
  "/channels",
  "/people",
  "/models",
  "/knowledge",
  "/activity",
  "/settings",
];
const phone: BrowserContextOptions = { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true };

/** Waits for what is being read, so that a page is judged as it stands. */
async function settle({ page }: OpenConsole): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
}

inChromium("the console in a browser (needs Chromium)", () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  describe("signing in", () => {
    test("takes the token out of the address and the history, and the link works once", async () => {
      await using console = await openConsole(browser);
      const { page, box } = console;
      expect(page.url()).toBe(`${box.url}/`);
      expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
      await page.click("text=Sign out >> visible=true");
      await page.waitForSelector("text=hearth open");
      await page.goto("about:blank");
      await page.goto(box.link);
      await page.waitForSelector("text=This link does not work any more");
      expect(await findBarriers(page)).toEqual([]);
      expect(console.complaints.filter((text) => !/status of 40[13]/.test(text))).toEqual([]);
    });

    test("takes a link that is pasted into the tab that asks for one", async () => {
      await using console = await openConsole(browser, { isSignedOut: true });
      await console.goto("/sign-in");
      await console.page.waitForSelector("text=hearth open");
      await console.page.goto(console.box.link);
      await console.page.waitForSelector("h1:has-text('Home')");
      expect(console.page.url()).toBe(`${console.box.url}/`);
    });

    test("says how to get a link, in Chinese as well", async () => {
      await using console = await openConsole(browser, { isSignedOut: true, context: { locale: "zh-CN" } });
      await console.goto("/settings");
      await console.page.waitForSelector("text=这台设备没有密码");
      expect(await findBarriers(console.page)).toEqual([]);
    });

    test("says what is wrong when the box fails, and goes on when it is well again", async () => {
      await using console = await openConsole(browser, { isSignedOut: true });
      console.box.isBroken = true;
      await console.goto("/");
      await console.page.waitForSelector("text=The database page 7 cannot be read.");
      console.box.isBroken = false;
      await console.page.click("text=Try again");
      await console.page.waitForSelector("text=hearth open");
    });
  });

  const looks: readonly (readonly [string, BrowserContextOptions])[] = [
    ["light, English, desktop", { locale: "en-GB", colorScheme: "light" }],
    ["dark, Chinese, desktop", { locale: "zh-CN", colorScheme: "dark" }],
    ["light, Chinese, phone", { ...phone, locale: "zh-CN", colorScheme: "light" }],
    ["dark, English, phone", { ...phone, locale: "en-GB", colorScheme: "dark" }],
  ];
  for (const [name, context] of looks) {
    test(`has no barrier and breaks no policy on any page: ${name}`, async () => {
      await using console = await openConsole(browser, { context });
      const found: Record<string, string[]> = {};
      const addresses = [
        ...pages,
        `/conversations/${encodeURIComponent(console.box.data.conversation.conversation.id)}`,
      ];
      for (const path of addresses) {
        await console.goto(path);
        await settle(console);
        const barriers = await findBarriers(console.page);
        if (barriers.length > 0) found[path] = barriers;
      }
      expect(found).toEqual({});
      expect(console.complaints).toEqual([]);
    });
  }

  test("has something to say on each page of a box that is new", async () => {
    await using console = await openConsole(browser, {
      prepare: (box) => Object.assign(box, { data: newBox(Date.now()) }),
    });
    const expected: Record<string, string> = {
      "/": "Everything is well",
      "/chat": "Ask something",
      "/conversations": "No conversation yet",
      "/channels": "No channel connected yet",
      "/people": "Only you so far.",
      "/models": "This is the guide model",
      "/knowledge": "Only the handbook so far",
      "/activity": "Nothing was measured yet",
      "/settings": "No key yet.",
    };
    for (const [path, text] of Object.entries(expected)) {
      await console.goto(path);
      await console.page.waitForSelector(`text=${text}`);
      expect(await findBarriers(console.page)).toEqual([]);
    }
    expect(console.complaints).toEqual([]);
  });

  test("says on each page what went wrong, and recovers", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    for (const name of ["Conversations", "Channels", "People", "Models", "Knowledge", "Settings"]) {
      await page.click(".sidebar >> text=Home");
      await page.waitForSelector("h1:has-text('Home')");
      box.isBroken = true;
      await page.click(`.sidebar >> text=${name}`);
      await page.waitForSelector("[role=alert] >> text=The database page 7 cannot be read.");
      await page.waitForSelector("[role=alert] >> text=Do it the other way.");
      box.isBroken = false;
      await page.evaluate(() => {
        for (const button of document.querySelectorAll<HTMLButtonElement>("[role=alert] button")) button.click();
      });
      await page.waitForFunction(() => document.querySelector("[role=alert]") === null);
      await settle(console);
      expect(await page.locator("main .card").count()).toBeGreaterThan(0);
    }
  });

  describe("by keyboard", () => {
    test("begins with a link that skips to the content", async () => {
      await using console = await openConsole(browser);
      const { page } = console;
      await console.goto("/people");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
    });

    test("reaches every control of every page, each with a visible focus", async () => {
      await using console = await openConsole(browser);
      const { page } = console;
      for (const path of pages) {
        await console.goto(path);
        await settle(console);
        const missed = await page.evaluate(() => {
          const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
          return all.filter((one) => one.checkVisibility() && !one.matches(":disabled")).length;
        });
        const reached = new Set<string>();
        const invisible: string[] = [];
        for (let press = 0; press < missed + 25; press++) {
          await page.keyboard.press("Tab");
          const focus = await page.evaluate(() => {
            const element = document.activeElement;
            if (element === null || element === document.body) return undefined;
            const all = [...document.querySelectorAll("*")];
            const ringed = element.closest(".composer, .choice") ?? element;
            const ring = [element, ringed].some((one) => Number.parseFloat(getComputedStyle(one).outlineWidth) >= 2);
            const isControl = element.matches("a[href], button, input, select, textarea, summary");
            return { key: String(all.indexOf(element)), ring, isControl, html: element.outerHTML.slice(0, 100) };
          });
          if (focus === undefined) break;
          if (focus.isControl) reached.add(focus.key);
          if (!focus.ring) invisible.push(focus.html);
        }
        expect({ path, invisible }).toEqual({ path, invisible: [] });
        // Of a group of radio buttons the keyboard has one stop.
        expect(reached.size).toBeGreaterThanOrEqual(missed - 2);
      }
    });

    test("follows a page change to the new heading, and goes back with the browser", async () => {
      await using console = await openConsole(browser);
      const { page } = console;
      await page.focus(".sidebar a[href='/models']");
      await page.keyboard.press("Enter");
      await page.waitForSelector("h1:has-text('Models')");
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
      expect(await page.title()).toBe("Models · Hearth");
      await page.goBack();
      await page.waitForSelector("h1:has-text('Home')");
    });

    test("opens a dialog, stays in it, leaves it with Escape and is back where it was", async () => {
      await using console = await openConsole(browser);
      const { page } = console;
      await console.goto("/channels");
      await page.focus("main >> text=Add a channel");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog[open]");
      for (let press = 0; press < 30; press++) {
        await page.keyboard.press("Tab");
        const place = await page.evaluate(() => {
          const active = document.activeElement;
          return active === document.body ? "browser" : active?.closest("dialog") === null ? "page" : "dialog";
        });
        expect(place).not.toBe("page");
      }
      await page.keyboard.press("Escape");
      await page.waitForSelector("dialog", { state: "detached" });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Add a channel");
    });
  });

  describe("language and appearance", () => {
    test("are switched in the header, at once and for good", async () => {
      await using console = await openConsole(browser);
      const { page } = console;
      await page.selectOption("header select >> nth=0", "zh");
      await page.waitForSelector("h1:has-text('首页')");
      expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
      await page.selectOption("header select >> nth=1", "dark");
      const dark = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      await page.reload();
      await page.waitForSelector("h1:has-text('首页')");
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(dark);
      expect(dark).toBe("rgb(20, 23, 26)");
    });

    test("stand still for people who asked for less motion", async () => {
      await using console = await openConsole(browser, { context: { reducedMotion: "reduce" } });
      const { page, box } = console;
      await console.goto("/chat");
      box.chat.isHeld = true;
      await page.fill("textarea", "hello");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-live=true]");
      const running = await page.evaluate(() => document.getAnimations().length);
      expect(running).toBe(0);
    });
  });

  test("shows a member their chat and conversations, asks for nothing else, and gives them no other page", async () => {
    await using console = await openConsole(browser, { prepare: (box) => Object.assign(box, { role: "member" }) });
    const { page, box } = console;
    await page.waitForSelector("h1:has-text('Chat')");
    expect(await page.locator(".sidebar nav a").allTextContents()).toEqual(["Chat", "Conversations"]);
    await page.fill("textarea", "hello");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=You said: hello");
    await console.goto("/conversations");
    await page.waitForSelector("text=What you wrote to the agent");
    await console.goto("/settings");
    await page.waitForSelector("h1:has-text('There is no such page')");
    expect(box.writes).toEqual([]);
    expect(console.complaints).toEqual([]);
  });

  test("reaches the pages behind More on a phone", async () => {
    await using console = await openConsole(browser, { context: { ...phone } });
    const { page } = console;
    await page.click("text=More");
    await page.click("dialog >> text=Knowledge");
    await page.waitForSelector("h1:has-text('Knowledge')");
    expect(await page.locator("dialog").count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
  });

  test("is small: under 150 kB of script, under 50 kB on the wire", async () => {
    const assets = await loadConsoleAssets();
    const scripts = [...assets].filter(([path]) => path.endsWith(".js"));
    const sizeBytes = scripts.reduce((sum, [, asset]) => sum + asset.bytes.byteLength, 0);
    const packedBytes = scripts.reduce(
      (sum, [, asset]) => sum + Bun.gzipSync(new Uint8Array(asset.bytes)).byteLength,
      0,
    );
    expect(sizeBytes).toBeLessThan(150_000);
    expect(packedBytes).toBeLessThan(50_000);
  });
});

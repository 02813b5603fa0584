// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { findBarriers } from "./console-box/find-barriers.ts";
import { chromiumPath, launchChromium, type OpenConsole, openConsole } from "./console-box/open-console.ts";

setDefaultTimeout(60_000);
let browser: Browser;

async function openChat(): Promise<OpenConsole> {
  const console = await openConsole(browser);
  await console.goto("/chat");
  await console.page.waitForSelector("text=Ask something");
  return console;
}

async function write(page: Page, text: string): Promise<void> {
  await page.fill("textarea", text);
  await page.keyboard.press("Enter");
}

/** What the chat shows, from top to bottom, without the words for screen readers. */
async function bubbles(page: Page): Promise<string[]> {
  return page.locator(".bubble").evaluateAll((all) =>
    all.map((bubble) => {
      const copy = bubble.cloneNode(true) as HTMLElement;
      for (const hidden of copy.querySelectorAll(".visually-hidden")) hidden.remove();
      return (copy.textContent ?? "").trim();
    }),
  );
}

describe.skipIf(chromiumPath === undefined)("the chat in a browser (needs Chromium)", () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  test("streams an answer, then shows what it was read from", async () => {
    await using console = await openChat();
    const { page, box } = console;
    box.chat.isHeld = true;
    box.chat.reply = () => ({ text: "We are open **from nine** to five.", sources: ["Opening hours"] });
    await write(page, "When are you open?");
    await page.waitForSelector("[data-live=true]");
    box.chat.speak(4);
    await page.waitForSelector("[data-live=true] >> text=We are open from");
    expect(await page.locator("[data-live=true] strong").textContent()).toBe("from");
    box.chat.isHeld = false;
    await page.waitForSelector(".sources >> text=Opening hours");
    expect(await bubbles(page)).toEqual(["When are you open?", "We are open from nine to five."]);
    expect(await findBarriers(page)).toEqual([]);
    expect(console.complaints).toEqual([]);
  });

  test("tells a screen reader the answer once, whole, and not word by word", async () => {
    await using console = await openChat();
    const { page, box } = console;
    await page.evaluate(() => {
      const spoken: string[] = [];
      Object.assign(globalThis, { spoken });
      const region = document.querySelector("[aria-live=polite][aria-atomic]");
      const note = () => spoken.push(region?.textContent ?? "");
      if (region !== null)
        new MutationObserver(note).observe(region, { characterData: true, childList: true, subtree: true });
    });
    box.chat.reply = () => ({ text: "one two three four five six seven", sources: [] });
    await write(page, "count");
    await page.waitForFunction(() => /seven/.test(JSON.stringify(Reflect.get(globalThis, "spoken"))));
    const spoken = await page.evaluate(() => Reflect.get(globalThis, "spoken") as string[]);
    expect(spoken.filter((text) => text !== "")).toEqual([
      "The agent is answering…",
      "The agent says: one two three four five six seven",
    ]);
    expect(await page.locator(".messages").evaluate((list) => list.closest("[aria-live], [role=log]"))).toBeNull();
  });

  test("goes on with an answer after the line broke in its middle, without loss or doubles", async () => {
    await using console = await openChat();
    const { page, box } = console;
    box.chat.isHeld = true;
    box.chat.reply = () => ({ text: "alpha beta gamma delta epsilon", sources: [] });
    await write(page, "go");
    await page.waitForSelector("[data-live=true]");
    box.chat.speak(2);
    await page.waitForSelector("text=alpha beta");
    box.chat.cut();
    await page.waitForSelector("text=No connection to the box");
    box.chat.speak(1);
    await page.waitForSelector("text=No connection to the box", { state: "detached" });
    await page.waitForSelector("[data-live=true] >> text=alpha beta gamma");
    box.chat.isHeld = false;
    await page.waitForSelector("[data-live=true]", { state: "detached" });
    expect(await bubbles(page)).toEqual(["go", "alpha beta gamma delta epsilon"]);
  });

  test("keeps what is written without a line and sends it once", async () => {
    await using console = await openChat();
    const { page, box } = console;
    box.refusesSockets = true;
    box.chat.cut();
    await page.waitForSelector("text=No connection to the box");
    await write(page, "first");
    await write(page, "second");
    expect(await page.locator("text=not sent yet").count()).toBe(2);
    box.refusesSockets = false;
    await page.click("text=Try now");
    await page.waitForSelector("text=You said: second");
    expect(box.chat.stored.filter((message) => message.direction === "in").map((message) => message.text)).toEqual([
      "first",
      "second",
    ]);
    expect((await bubbles(page)).filter((text) => text === "first")).toHaveLength(1);
  });

  test("does not double a message whose confirmation was lost with the line", async () => {
    await using console = await openChat();
    const { page, box } = console;
    box.chat.losesConfirmations = true;
    await write(page, "only once");
    await page.waitForSelector("text=No connection to the box");
    box.chat.losesConfirmations = false;
    await page.waitForSelector("text=You said: only once");
    expect(box.chat.stored.filter((message) => message.direction === "in")).toHaveLength(1);
    expect(await bubbles(page)).toEqual(["only once", "You said: only once"]);
  });

  test("stops an answer when told to and says so", async () => {
    await using console = await openChat();
    const { page, box } = console;
    box.chat.isHeld = true;
    box.chat.reply = () => ({ text: "a very long answer that nobody wants", sources: [] });
    await write(page, "go");
    await page.waitForSelector("[data-live=true]");
    box.chat.speak(3);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.waitForSelector("text=stopped by you");
    expect(await bubbles(page)).toEqual(["go", "a very long"]);
    expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
  });

  test("draws hostile text as text", async () => {
    await using console = await openChat();
    const { page, box } = console;
    const hostile = '<img src=x onerror="document.title=1"> <script>1</script> [x](javascript:alert(1)) **b**';
    box.chat.reply = () => ({ text: hostile, sources: ["<b>source</b>"] });
    await write(page, '<img src=y onerror="document.title=2">');
    await page.waitForSelector(".sources");
    expect(await page.locator(".messages img, .messages script, .messages a, .sources b").count()).toBe(0);
    expect((await bubbles(page))[1]).toBe(hostile.replace("**b**", "b"));
    expect(await page.title()).toBe("Chat · Hearth");
    expect(console.complaints).toEqual([]);
  });

  test("shows two tabs of a person the same conversation", async () => {
    await using console = await openChat();
    const { page, box } = console;
    await write(page, "from the first tab");
    await page.waitForSelector("text=You said: from the first tab");
    const other = await console.openTab();
    await other.goto(`${box.url}/chat`);
    await other.waitForSelector("text=You said: from the first tab");
    await write(other, "from the second");
    await page.waitForSelector("text=You said: from the second");
    expect(await bubbles(page)).toEqual(await bubbles(other));
  });

  test("begins a new conversation and comes back to the old one", async () => {
    await using console = await openChat();
    const { page } = console;
    await write(page, "about apples");
    await page.waitForSelector("text=You said: about apples");
    await page.click("text=New conversation");
    await page.waitForSelector("text=Ask something");
    await write(page, "about pears");
    await page.waitForSelector("text=You said: about pears");
    await page.selectOption("main select", { label: "about apples" });
    await page.waitForSelector("text=You said: about apples");
    expect(await bubbles(page)).toEqual(["about apples", "You said: about apples"]);
  });

  test("keeps the conversation when another page is looked at, and stays at its end", async () => {
    await using console = await openChat();
    const { page, box } = console;
    box.chat.reply = () => ({
      text: Array.from({ length: 60 }, (_, line) => `- line ${line}`).join("\n"),
      sources: [],
    });
    await write(page, "a long one");
    await page.waitForSelector("[data-live=true]", { state: "detached" });
    await page.waitForSelector("text=line 59");
    const isAtEnd = () =>
      page.locator(".chat-scroll").evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight < 5);
    expect(await isAtEnd()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);
    await page.click(".sidebar >> text=Models");
    await page.waitForSelector("h1:has-text('Models')");
    await page.click(".sidebar >> text=Chat");
    await page.waitForSelector("text=line 59");
    await page.waitForSelector("text=The guide model answers");
    await page.waitForFunction(() => {
      const area = document.querySelector(".chat-scroll");
      return area !== null && area.scrollHeight - area.scrollTop - area.clientHeight < 5;
    });
  });

  test("does not send while an input method is composing", async () => {
    await using console = await openChat();
    const { page, box } = console;
    await page.fill("textarea", "ni hao");
    await page.locator("textarea").evaluate((field) => {
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }));
    });
    await page.keyboard.press("Shift+Enter");
    expect(box.chat.stored).toEqual([]);
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=You said: ni hao");
  });
});

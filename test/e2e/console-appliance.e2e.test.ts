// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { binaryPath } from "./binary-process.ts";
import { findBarriers } from "./console-box/find-barriers.ts";
import { chromiumPath, launchChromium } from "./console-box/open-console.ts";
import { type RunningAppliance, startAppliance } from "./console-box/start-appliance.ts";

setDefaultTimeout(120_000);
const root = join(import.meta.dir, "../..");
const source = [process.execPath, join(root, "appliance/app/main.ts")];
const appliances: readonly (readonly [string, readonly string[], boolean])[] = [
  ["run from source", source, true],
  ["the binary", [binaryPath], existsSync(binaryPath)],
];

const faq = "## Do you deliver?\nYes, within five kilometres. Delivery costs 3 euros.";

for (const [name, command, isThere] of appliances) {
  describe.skipIf(chromiumPath === undefined || !isThere)(`the console on a real box: ${name} (needs Chromium)`, () => {
    let browser: Browser;
    let appliance: RunningAppliance;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      appliance = await startAppliance(command);
      browser = await launchChromium();
      page = await browser.newPage({ viewport: { width: 1180, height: 800 }, locale: "en-GB" });
      page.on("console", (entry) => {
        if (entry.type() === "error" || entry.type() === "warning") complaints.push(`${page.url()}: ${entry.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(appliance.link);
      await page.waitForSelector("text=Everything is well");
    });
    afterAll(async () => {
      await browser?.close();
      await appliance?.[Symbol.asyncDispose]();
    });

    async function ask(text: string): Promise<void> {
      await page.fill("textarea", text);
      await page.keyboard.press("Enter");
    }

    test("answers out of a text that was added on its page, and names the source", async () => {
      await page.goto(`${appliance.url}/knowledge`);
      await page.getByLabel("Title").fill("Corner shop");
      await page.getByLabel("Text", { exact: true }).fill(faq);
      await page.click("main button >> text=Add");
      await page.waitForSelector("text=Corner shop was added.");
      await page.goto(`${appliance.url}/chat`);
      await page.waitForSelector("text=The guide model answers");
      await ask("Do you deliver?");
      await page.waitForSelector(".message:not(.own) >> text=/five kilometres|3 euros/i");
      await page.waitForSelector(".sources >> text=Do you deliver?");
    });

    test("shows the conversation with what became of each message", async () => {
      await page.click(".sidebar >> text=Conversations");
      await page.click("main a >> text=Owner");
      await page.waitForSelector("text=Do you deliver?");
      await page.waitForSelector(".message.own >> text=answered");
      await page.waitForSelector(".message:not(.own) >> text=/sent|delivered/");
    });

    test("has no barrier, breaks no policy and has no error on any page", async () => {
      const paths = ["", "chat", "conversations", "channels", "people", "models", "knowledge", "activity", "settings"];
      for (const path of paths) {
        await page.goto(`${appliance.url}/${path}`);
        await page.waitForSelector("h1");
        await page.waitForFunction(() => document.querySelector(".skeleton") === null);
        expect({ path, barriers: await findBarriers(page) }).toEqual({ path, barriers: [] });
        expect(await page.locator("[role=alert]").count()).toBe(0);
      }
      expect(complaints).toEqual([]);
    });

    test("adds a webhook, makes a key that the models API takes, verifies the audit log", async () => {
      await page.goto(`${appliance.url}/channels`);
      await page.click("text=Add a channel");
      await page.getByLabel("Service").selectOption("webhook");
      await page.getByLabel("Shared secret").fill("0123456789abcdef0123456789abcdef");
      await page.click("dialog >> text=Connect");
      // It stands in the field that lacks.
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
      await page.keyboard.type("http://127.0.0.1:9/replies");
      await page.click("dialog >> text=Connect");
      await page.waitForSelector("text=webhook was added.");
      await page.goto(`${appliance.url}/settings`);
      await page.getByLabel("Name of the key").fill("test");
      await page.click("text=Create a key");
      const key = await page.locator("code", { hasText: "hk_" }).textContent();
      const models = await fetch(`${appliance.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
      expect(models.status).toBe(200);
      await page.click("text=Verify the chain");
      await page.waitForSelector("text=Intact:");
      expect(complaints).toEqual([]);
    });

    test("lets a member in by a link, who chats, sees their own conversation and nothing of the others", async () => {
      await page.goto(`${appliance.url}/people`);
      await page.click("text=Add a person");
      await page.getByLabel("Name").fill("Bo Lin");
      await page.click("dialog button >> text=Add a person");
      await page.waitForSelector("text=Bo Lin was added.");
      await page.goto(`${appliance.url}/settings`);
      await page.getByLabel("Person", { exact: true }).selectOption({ label: "Bo Lin (Member)" });
      await page.click("text=Make a link");
      const link = await page.locator("code", { hasText: "/sign-in#" }).textContent();
      const context = await browser.newContext({ locale: "zh-CN" });
      const member = await context.newPage();
      const heard: string[] = [];
      member.on("console", (entry) => heard.push(entry.text()));
      await member.goto(link ?? "");
      await member.waitForSelector("text=问点什么");
      expect(await member.locator(".sidebar nav a").allTextContents()).toEqual(["聊天", "对话"]);
      await member.fill("textarea", "数据保存在哪里？");
      await member.keyboard.press("Enter");
      await member.waitForSelector(".message:not(.own) >> text=HEARTH_HOME");
      await member.click(".sidebar >> text=对话");
      await member.waitForSelector("main .row");
      expect(await member.locator("main .row").count()).toBe(1);
      expect(heard).toEqual([]);
      await context.close();
    });

    test("loses and doubles nothing when the box is killed in the middle and comes back", async () => {
      await page.goto(`${appliance.url}/chat`);
      await page.waitForSelector("text=The guide model answers");
      await page.click("text=New conversation");
      await ask("Do you deliver?");
      await appliance.kill();
      await page.waitForSelector("text=No connection to the box");
      await ask("Where is my data stored?");
      await appliance.restart();
      await page.waitForSelector("text=No connection to the box", { state: "detached" });
      await page.waitForFunction(() => document.querySelectorAll(".message:not(.own):not([data-live])").length === 2);
      const own = await page.locator(".message.own .bubble").allTextContents();
      expect(own).toEqual(["You: Do you deliver?", "You: Where is my data stored?"]);
      await page.reload();
      await page.waitForFunction(() => document.querySelectorAll(".message").length === 4);
    });
  });
}

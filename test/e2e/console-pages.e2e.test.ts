// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { findBarriers } from "./console-box/find-barriers.ts";
import { chromiumPath, launchChromium, openConsole } from "./console-box/open-console.ts";

setDefaultTimeout(60_000);
let browser: Browser;

describe.skipIf(chromiumPath === undefined)("what the console's pages do (needs Chromium)", () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  test("adds a channel through a form made from its manifest, shows why it was refused, and adds it then", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/channels");
    await page.click("text=Add a channel");
    await page.getByLabel("Address of the agent's account (JID)").fill("agent@example.org");
    await page.click("dialog >> text=Connect");
    await page.waitForSelector("text=This is needed.");
    expect(await findBarriers(page)).toEqual([]);
    await page.getByLabel("Password").fill("wrong");
    await page.getByLabel("Anyone, replies only").check();
    await page.click("dialog >> text=Connect");
    await page.waitForSelector("text=The server refused this address and password.");
    await page.getByLabel("Password").fill("right");
    await page.click("dialog >> text=Connect");
    await page.waitForSelector("text=xmpp-2 was added.");
    expect(box.data.channels.at(-1)).toMatchObject({
      name: "xmpp-2",
      policy: "anyone",
      config: { jid: "agent@example.org", tls: "starttls" },
    });
  });

  test("changes a channel without asking for its secret again", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/channels");
    await page.locator("li.card", { hasText: "till" }).getByText("Change").click();
    await page.getByLabel("Only people I know").check();
    await page.click("dialog >> text=Save");
    await page.waitForSelector("text=Saved");
    const till = box.data.channels.find((channel) => channel.name === "till");
    expect(till).toMatchObject({ policy: "closed", config: { callback: "http://till.shop.example/hearth" } });
  });

  test("pauses a channel, and removes it after asking", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/channels");
    const till = page.locator("li.card", { hasText: "till" });
    await till.getByText("Pause").click();
    await till.getByText("paused").waitFor();
    await till.getByText("Remove").click();
    await page.waitForSelector("dialog >> text=Remove till?");
    await page.click("dialog >> text=Cancel");
    expect(box.data.channels.some((channel) => channel.name === "till")).toBe(true);
    await till.getByText("Remove").click();
    await page.click("dialog >> button.danger");
    await till.waitFor({ state: "detached" });
    expect(box.data.channels.some((channel) => channel.name === "till")).toBe(false);
  });

  test("lets a person in by the code they tell, and not by another", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/people");
    await page.getByLabel("Pairing code").fill("XXXXXX");
    await page.click("main button >> text=Let in");
    await page.waitForSelector("text=No such code.");
    await page.getByLabel("Pairing code").fill("K7QM2P");
    await page.click("main button >> text=Let in");
    await page.waitForSelector("text=Carol may talk to the agent now.");
    expect(box.data.people.at(-1)).toMatchObject({ name: "Carol", role: "member" });
    await page.waitForSelector("text=Nobody waits.");
  });

  test("changes a person's role and blocks them after asking", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/people");
    await page.getByLabel("Role of Bo Lin").selectOption("guest");
    await page.waitForFunction(() => document.querySelector("select:disabled") === null);
    await page.locator("li.row", { hasText: "Bo Lin" }).getByText("Block").click();
    await page.click("dialog >> button.danger");
    await page.locator("li.row", { hasText: "Bo Lin" }).getByText("Unblock").waitFor();
    expect(box.data.people[1]).toMatchObject({ role: "guest", isBlocked: true });
  });

  test("shows a new key once", async () => {
    await using console = await openConsole(browser);
    const { page } = console;
    await console.goto("/settings");
    await page.getByLabel("Name of the key").fill("Till 2");
    await page.click("text=Create a key");
    await page.waitForSelector("text=hk_shown-this-once");
    await page.click("text=Copy");
    await page.waitForSelector("[role=status] >> text=Copied");
    expect(await findBarriers(page)).toEqual([]);
    await page.reload();
    await page.waitForSelector("text=Till 2");
    expect(await page.content()).not.toContain("hk_shown-this-once");
  });

  test("makes a sign-in link for a person, saves the settings, verifies the audit log", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/settings");
    await page.getByLabel("Person", { exact: true }).selectOption("per_2");
    await page.click("text=Make a link");
    await page.waitForSelector("text=/sign-in#another-token");
    await page.getByLabel("Name", { exact: true }).fill("Bakery");
    await page.getByLabel("Names it may be called by").fill("hearth.example.org box.local");
    await page.click("main >> text=Save");
    await page.waitForSelector("text=Saved");
    expect(box.data.settings).toMatchObject({ boxName: "Bakery", allowedHosts: ["hearth.example.org", "box.local"] });
    await page.click("text=Verify the chain");
    await page.waitForSelector("text=Intact: 41 entries");
  });

  test("adds a text, finds it and removes it", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/knowledge");
    await page.getByLabel("Title").fill("Prices");
    await page.getByLabel("Text", { exact: true }).fill("## What is a coffee?\n3 euros.");
    await page.click("main button >> text=Add");
    await page.waitForSelector("text=Prices was added.");
    await page.getByLabel("Question").fill("when open?");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Monday to Friday, for: when open?");
    await page.getByRole("button", { name: "Remove: Prices" }).click();
    await page.click("dialog >> button.danger");
    await page.waitForSelector("text=Prices was removed.");
    expect(box.data.knowledge.some((source) => source.title === "Prices")).toBe(false);
  });

  test("looks into a model before it is used, and uses it", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/models");
    const row = page.locator("li.row", { hasText: "qwen3-4b-instruct" });
    await row.getByText("Inspect").click();
    await page.waitForSelector("text=It fits on this box.");
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await row.getByText("Use", { exact: true }).click();
    await row.getByText("in use").waitFor();
    expect(box.data.models[1]?.isDefault).toBe(true);
    expect(await page.locator("text=This is the guide model").count()).toBe(0);
  });

  test("draws live charts, and the same as a table", async () => {
    await using console = await openConsole(browser);
    const { page } = console;
    await console.goto("/activity");
    await page.waitForSelector(".badge >> text=live");
    const path = () => page.locator(".chart .series").first().getAttribute("d");
    const before = await path();
    await page.waitForFunction((old) => document.querySelector(".chart .series")?.getAttribute("d") !== old, before);
    await page.click("text=Show as a table");
    await page.waitForSelector("th >> text=Time to first token");
    expect(await page.locator("main table >> nth=0 >> tbody tr").count()).toBe(60);
    expect(await findBarriers(page)).toEqual([]);
    expect(console.complaints).toEqual([]);
  });

  test("says that the charts stand still while the box is away, and goes on without a gap", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/activity");
    await page.waitForSelector(".badge >> text=live");
    box.isBroken = true;
    box.endStreams();
    await page.waitForSelector("text=not live");
    box.isBroken = false;
    await page.waitForSelector("text=not live", { state: "detached" });
    await page.waitForSelector(".badge.good >> text=live");
  });

  test("tries a stuck message again", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/activity");
    await page.locator("li.row", { hasText: "the callback answered 410" }).getByText("Try again").click();
    await page.waitForSelector("text=It is tried again.");
    expect(box.writes).toEqual(["POST /api/queues/dead/out_9/retry"]);
  });

  test("refreshes a conversation while it is looked at", async () => {
    await using console = await openConsole(browser);
    const { page, box } = console;
    await console.goto("/conversations");
    await page.click("text=Bo Lin");
    await page.waitForSelector("text=could not be sent");
    box.data.conversation = {
      ...box.data.conversation,
      messages: [
        { id: "m5", direction: "out", text: "No, on Sundays we rest.", atMs: Date.now(), delivery: "sent" },
        ...box.data.conversation.messages,
      ],
    };
    await page.waitForSelector("text=No, on Sundays we rest.");
    expect(await page.locator(".bubble").last().textContent()).toContain("No, on Sundays we rest.");
  });
});

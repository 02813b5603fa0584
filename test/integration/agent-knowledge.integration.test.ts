// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createKnowledge, type KnowledgeChange, knowledgeLimits } from "../../appliance/agent/knowledge/index.ts";
import { createVault } from "../../appliance/gateway/encryption/index.ts";
import { openStorage } from "../../appliance/ops/storage/index.ts";
import { silentLogger } from "../../shared/logging/index.ts";
import { manualClock, temporaryDirectory } from "../../shared/testing/index.ts";

// Real files and real fsyncs: a busy machine takes its time.
setDefaultTimeout(30_000);

const never = new AbortController().signal;

function openBox(limits = knowledgeLimits) {
  const directory = temporaryDirectory();
  const folder = join(directory.path, "documents");
  mkdirSync(folder);
  const home = join(directory.path, "home");
  const clock = manualClock();
  const storage = openStorage({ path: join(home, "hearth.db") });
  const vault = createVault({ storage, masterKey: randomBytes(32) });
  const changes: KnowledgeChange[] = [];
  const open = () =>
    createKnowledge(
      { storage, vault, clock, logger: silentLogger, audit: (change) => changes.push(change) },
      { limits, rescanMs: 1000, dataFolder: home },
    );
  return {
    folder,
    home,
    clock,
    changes,
    open,
    write: (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text),
    [Symbol.dispose]() {
      storage.close();
      directory[Symbol.dispose]();
    },
  };
}
const best = (knowledge: ReturnType<ReturnType<typeof openBox>["open"]>, question: string) =>
  knowledge.search(question).passages[0];

describe("knowledge of the owner", () => {
  test("a text, a file and a folder are found beside the handbook, also after a restart, until they are removed", async () => {
    using box = openBox();
    box.write("prices.csv", "question,answer\nHow much is a unicycle?,A unicycle costs 240 euros.");
    mkdirSync(join(box.folder, "more"));
    box.write("more/parking.txt", "Where can visitors park?\nBehind the mill.");
    const knowledge = box.open();
    await knowledge.start(never);
    const folder = await knowledge.addPath(box.folder, never);
    const text = knowledge.addText("Holidays", "# When is the summer break?\n\nFrom 3 to 21 August.");
    expect(folder).toMatchObject({ source: { kind: "folder", passages: 2, isRemovable: true }, skipped: [] });
    const check = (opened: typeof knowledge): void => {
      expect(best(opened, "what does a unicycle cost")?.text).toBe("A unicycle costs 240 euros.");
      expect(best(opened, "parking for visitors")).toMatchObject({
        text: "Behind the mill.",
        title: "more/parking.txt",
      });
      expect(best(opened, "summer break dates")?.text).toBe("From 3 to 21 August.");
      expect(best(opened, "which port does Hearth use")?.text).toContain("7411");
      expect(opened.list().map(({ kind }) => kind)).toEqual(["handbook", "folder", "text"]);
    };
    check(knowledge);
    await knowledge.stop();
    const again = box.open();
    await again.start(never);
    check(again);
    again.remove(folder.source.id);
    again.remove(text.source.id);
    const left = ["unicycle", "visitors parking", "summer break"].flatMap(
      (question) => again.search(question).passages,
    );
    expect(left.filter(({ source }) => source !== "handbook")).toEqual([]);
    expect(again.list()).toHaveLength(1);
    expect(box.changes.map(({ action }) => action)).toContain("knowledge-removed");
  });

  test("a folder is looked through again: changed files replace, vanished ones go, unchanged ones are left alone", async () => {
    using box = openBox();
    box.write("a.md", "# Colour of the door\nThe door is green.");
    box.write("b.md", "# Wifi password\nAsk at the till.");
    const knowledge = box.open();
    await knowledge.start(never);
    await knowledge.addPath(box.folder, never);
    expect(await knowledge.rescan(never)).toEqual({ changed: 0, removed: 0, skipped: [] });
    box.write("a.md", "# Colour of the door\nThe door is blue.");
    rmSync(join(box.folder, "b.md"));
    expect(await knowledge.rescan(never)).toMatchObject({ changed: 1, removed: 1 });
    expect(best(knowledge, "colour of the door")?.text).toBe("The door is blue.");
    expect(knowledge.search("wifi password").isConfident).toBeFalse();
    rmSync(box.folder, { recursive: true });
    expect((await knowledge.rescan(never)).skipped).toHaveLength(1);
    expect(best(knowledge, "colour of the door")?.text).toBe("The door is blue.");
  });

  test("the clock triggers the look-through until the service is stopped", async () => {
    using box = openBox();
    box.write("a.md", "# Mascot\nA heron.");
    const knowledge = box.open();
    await knowledge.start(never);
    await knowledge.addPath(box.folder, never);
    box.write("a.md", "# Mascot\nAn otter.");
    box.clock.advance(1000);
    for (let round = 0; round < 200 && best(knowledge, "mascot")?.text !== "An otter."; round++) await Bun.sleep(5);
    expect(best(knowledge, "mascot")?.text).toBe("An otter.");
    await knowledge.stop();
    box.write("a.md", "# Mascot\nA crow.");
    box.clock.advance(10_000);
    await Bun.sleep(20);
    expect(best(knowledge, "mascot")?.text).toBe("An otter.");
  });

  test("links out of the folder, pipes, binaries and oversized files are named and left out", async () => {
    using box = openBox({ ...knowledgeLimits, maxFileBytes: 1000 });
    writeFileSync(join(box.home, "secret.txt"), "the secret is rutabaga");
    box.write("good.md", "# Greeting\nWelcome to the mill.");
    box.write("huge.txt", "x".repeat(2000));
    box.write("image.txt", randomBytes(500));
    box.write("program.exe", "MZ");
    symlinkSync(join(box.home, "secret.txt"), join(box.folder, "link.txt"));
    symlinkSync(join(box.folder, "good.md"), join(box.folder, "inside.md"));
    symlinkSync(box.folder, join(box.folder, "loop.md"));
    symlinkSync("nowhere", join(box.folder, "dangling.md"));
    Bun.spawnSync(["mkfifo", join(box.folder, "pipe.txt")]);
    const knowledge = box.open();
    await knowledge.start(never);
    const { source, skipped } = await knowledge.addPath(box.folder, never);
    expect(source.passages).toBe(2);
    expect(skipped.map(({ path }) => path).sort()).toEqual([
      "dangling.md",
      "huge.txt",
      "image.txt",
      "link.txt",
      "loop.md",
      "pipe.txt",
      "program.exe",
    ]);
    expect(knowledge.search("what is the secret").passages.some(({ text }) => text.includes("rutabaga"))).toBeFalse();
    expect(knowledge.addPath(join(box.folder, "huge.txt"), never)).rejects.toMatchObject({
      code: "knowledge-too-large",
    });
    expect(knowledge.addPath("/dev/zero", never)).rejects.toMatchObject({ code: "knowledge-unreadable" });
    expect(knowledge.addPath("/no/such/file.md", never)).rejects.toMatchObject({ code: "knowledge-path-missing" });
    expect(() => knowledge.remove("handbook")).toThrow("cannot be removed");
    expect(() => knowledge.remove("src_0")).toThrow("there is no knowledge");
    expect(knowledge.list()).toHaveLength(2);
  });

  test("the data folder is refused, what lies in it and what holds it, also through a link", async () => {
    using box = openBox();
    mkdirSync(join(box.home, "logs"));
    writeFileSync(join(box.home, "notes.txt"), "the secret is rutabaga");
    symlinkSync(box.home, join(box.folder, "link-to-home"));
    mkdirSync(`${box.home}-documents`);
    writeFileSync(join(`${box.home}-documents`, "a.md"), "# Mascot\nA heron.");
    const knowledge = box.open();
    await knowledge.start(never);
    const refused = [
      box.home,
      dirname(box.home),
      "/",
      join(box.home, "logs"),
      join(box.home, "notes.txt"),
      join(box.home, "..", "home", "logs", ".."),
      join(box.folder, "link-to-home"),
      join(box.folder, "link-to-home", "notes.txt"),
    ];
    for (const path of refused) {
      const outcome = await knowledge.addPath(path, never).catch((thrown: unknown) => thrown);
      expect({ path, outcome }).toMatchObject({ path, outcome: { code: "knowledge-data-folder" } });
    }
    expect(knowledge.list()).toHaveLength(1);
    expect((await knowledge.addPath(`${box.home}-documents`, never)).source.passages).toBe(1);
  });

  test("a file and the folder it lies in answer with one text once", async () => {
    using box = openBox();
    box.write("a.md", "# Colour of the door\nThe door is green.");
    const knowledge = box.open();
    await knowledge.start(never);
    const file = await knowledge.addPath(join(box.folder, "a.md"), never);
    await knowledge.addPath(box.folder, never);
    const texts = () => knowledge.search("colour of the door", { limit: 5 }).passages.map(({ text }) => text);
    expect(texts()).toEqual(["The door is green."]);
    knowledge.remove(file.source.id);
    expect(texts()).toEqual(["The door is green."]);
  });

  test("nothing of a document, its name or its path is readable in the files of the database", async () => {
    using box = openBox();
    box.write("CANARY-NAME.md", "# CANARY-HEADING\nCANARY-TEXT");
    const knowledge = box.open();
    await knowledge.start(never);
    await knowledge.addPath(box.folder, never);
    knowledge.addText("CANARY-TITLE", "CANARY-BODY");
    const files = readdirSync(box.home).map((name) => readFileSync(join(box.home, name), "latin1"));
    expect(files.join("")).not.toContain("CANARY");
    expect(files.join("")).not.toContain(box.folder);
  });

  test("a large collection is indexed without holding up the process, and still searched quickly", async () => {
    using box = openBox();
    const entries = Array.from(
      { length: 2000 },
      (_, number) => `# Article ${number}x\nItem ${number}x lies on shelf ${number * 7}.`,
    );
    box.write("stock.md", entries.join("\n\n"));
    const knowledge = box.open();
    await knowledge.start(never);
    let longestMs = 0;
    let last = performance.now();
    const pulse = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    await knowledge.rescan(never);
    await knowledge.addPath(box.folder, never);
    clearInterval(pulse);
    expect(best(knowledge, "where does item 1234x lie?")?.text).toBe("Item 1234x lies on shelf 8638.");
    const startMs = performance.now();
    for (let round = 0; round < 20; round++) knowledge.search(`where does item ${round}x lie on the shelf?`);
    expect((performance.now() - startMs) / 20).toBeLessThan(300);
    expect(longestMs).toBeLessThan(3000);
  });
});

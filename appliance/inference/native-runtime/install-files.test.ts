// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isHearthError } from "../../../shared/errors/index.ts";
import { type Logger, silentLogger } from "../../../shared/logging/index.ts";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { type EmbeddedFile, installFiles } from "./index.ts";

const contents = new Map([
  ["llama-addon.node", "the add-on"],
  ["libggml.so", "the library"],
]);

const files: readonly EmbeddedFile[] = [...contents].map(([name, text]) => ({
  name,
  sizeBytes: text.length,
  sha256: createHash("sha256").update(text).digest("hex"),
  source: name,
}));

async function readSource(source: string): Promise<Uint8Array> {
  return new TextEncoder().encode(contents.get(source));
}

function recordingLogger(): { readonly logger: Logger; readonly events: string[] } {
  const events: string[] = [];
  const write = (event: string, fields: object = {}): void => {
    events.push(
      `${event} ${(fields as { file?: string }).file ?? ""} ${(fields as { problem?: string }).problem ?? ""}`,
    );
  };
  return { events, logger: { ...silentLogger, error: write, info: write } };
}

/** Makes a directory that was installed, then lets `change` loose on it and installs again. */
async function installTwice(change: (directory: string) => void): Promise<{ events: string[]; parent: string }> {
  const home = temporaryDirectory();
  const parent = join(home.path, "native");
  const { logger, events } = recordingLogger();
  const first = await installFiles({ logger, readSource }, parent, files);
  change(first);
  const second = await installFiles({ logger, readSource }, parent, files);
  expect(second).toBe(first);
  expect(readFileSync(join(second, "libggml.so"), "utf8")).toBe("the library");
  const entries = readdirSync(second).sort();
  expect(entries).toEqual(["libggml.so", "llama-addon.node"]);
  const parentEntries = readdirSync(parent);
  home[Symbol.dispose]();
  return { events, parent: parentEntries.join(" ") };
}

describe("files of the binary on disk", () => {
  test("are installed readable and executable by the owner alone", async () => {
    using home = temporaryDirectory();
    const directory = await installFiles({ logger: silentLogger, readSource }, join(home.path, "native"), files);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, "llama-addon.node")).mode & 0o777).toBe(0o500);
    expect(readdirSync(join(home.path, "native"))).toHaveLength(1);
  });

  test("are not written again by a second start", async () => {
    const { events } = await installTwice(() => undefined);
    expect(events.filter((event) => event.startsWith("native-files-installed"))).toHaveLength(1);
  });

  test("with one byte changed are refused, moved aside and installed anew", async () => {
    const { events, parent } = await installTwice((directory) => {
      chmodSync(join(directory, "libggml.so"), 0o700);
      writeFileSync(join(directory, "libggml.so"), "the librarY");
    });
    expect(events).toContain("native-files-refused libggml.so content-differs");
    expect(parent).toContain(".refused");
  });

  test.each([
    ["a library beside them that is not ours", "unexpected-file", (d: string) => writeFileSync(join(d, "x.so"), "")],
    ["a file others may write", "writable-by-others", (d: string) => chmodSync(join(d, "libggml.so"), 0o522)],
    ["a folder others may write", "writable-by-others", (d: string) => chmodSync(d, 0o777)],
  ])("with %s are refused", async (_name, problem, change) => {
    const { events } = await installTwice(change);
    expect(events.some((event) => event.startsWith("native-files-refused") && event.endsWith(problem))).toBe(true);
  });

  test("are refused when a file became a link to the same bytes", async () => {
    using other = temporaryDirectory();
    writeFileSync(join(other.path, "elsewhere"), "the library", { mode: 0o500 });
    const { events } = await installTwice((directory) => {
      const path = join(directory, "libggml.so");
      unlinkSync(path);
      symlinkSync(join(other.path, "elsewhere"), path);
    });
    expect(events).toContain("native-files-refused libggml.so not-a-regular-file");
  });

  test("survive any number of starts at once", async () => {
    using home = temporaryDirectory();
    const parent = join(home.path, "native");
    const starts = Array.from({ length: 12 }, () => installFiles({ logger: silentLogger, readSource }, parent, files));
    expect(new Set(await Promise.all(starts)).size).toBe(1);
    expect(readdirSync(parent)).toHaveLength(1);
  });

  test("leave no half-written folder behind when the disk is full, and say how much is needed", async () => {
    using home = temporaryDirectory();
    const parent = join(home.path, "native");
    const writeDurably = async (): Promise<void> => {
      throw Object.assign(new Error("write"), { code: "ENOSPC" });
    };
    const thrown = await installFiles({ logger: silentLogger, readSource, writeDurably }, parent, files).catch(
      (e) => e,
    );
    expect(isHearthError(thrown) && thrown.code).toBe("disk-full");
    expect(thrown.message).toContain(parent);
    expect(thrown.remedy).toContain("HEARTH_HOME");
    expect(readdirSync(parent)).toEqual([]);
  });

  test("are not installed from a binary whose own content is damaged", async () => {
    using home = temporaryDirectory();
    const damaged = async (): Promise<Uint8Array> => new TextEncoder().encode("something else");
    const thrown = await installFiles({ logger: silentLogger, readSource: damaged }, home.path, files).catch((e) => e);
    expect(thrown.code).toBe("binary-damaged");
  });

  test("cannot be installed below something that is not a folder, and the error names the place", async () => {
    using home = temporaryDirectory();
    writeFileSync(join(home.path, "native"), "");
    const thrown = await installFiles({ logger: silentLogger, readSource }, join(home.path, "native"), files).catch(
      (e) => e,
    );
    expect(thrown.code).toBe("native-folder-unwritable");
    expect(thrown.message).toContain(join(home.path, "native"));
  });

  test("replace a file that lies where the folder should be", async () => {
    using home = temporaryDirectory();
    const parent = join(home.path, "native");
    const directory = await installFiles({ logger: silentLogger, readSource }, parent, files);
    rmSync(directory, { recursive: true });
    mkdirSync(parent, { recursive: true });
    writeFileSync(directory, "");
    expect(await installFiles({ logger: silentLogger, readSource }, parent, files)).toBe(directory);
    expect(statSync(directory).isDirectory()).toBe(true);
  });
});

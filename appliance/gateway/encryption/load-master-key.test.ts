// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isHearthError } from "../../../shared/errors/index.ts";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { openStorage } from "../../ops/storage/index.ts";
import { loadMasterKey, openVault } from "./index.ts";

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return isHearthError(thrown) ? thrown.code : String(thrown);
  }
  return "nothing was thrown";
}

test("the first start makes a key that only its owner can read, and the next one reads it", () => {
  using home = temporaryDirectory();
  const key = loadMasterKey({ home: home.path, isExistingVault: false });
  expect(key).toHaveLength(32);
  expect(readdirSync(home.path)).toEqual(["master.key"]);
  expect(statSync(join(home.path, "master.key")).mode & 0o777).toBe(0o600);
  expect(loadMasterKey({ home: home.path, isExistingVault: true })).toEqual(key);
});

test("two boxes have different keys", () => {
  using one = temporaryDirectory();
  using other = temporaryDirectory();
  const keys = [one, other].map((home) => loadMasterKey({ home: home.path, isExistingVault: false }));
  expect(Buffer.from(keys[0] ?? []).equals(Buffer.from(keys[1] ?? []))).toBe(false);
});

test("a key file that others can read is refused, with the command that mends it", () => {
  using home = temporaryDirectory();
  const path = join(home.path, "master.key");
  loadMasterKey({ home: home.path, isExistingVault: false });
  for (const mode of [0o640, 0o604, 0o620, 0o610, 0o666]) {
    chmodSync(path, mode);
    try {
      loadMasterKey({ home: home.path, isExistingVault: true });
      expect.unreachable();
    } catch (thrown) {
      if (!isHearthError(thrown)) throw thrown;
      expect(thrown.code).toBe("master-key-open-to-others");
      expect(thrown.remedy).toContain(`chmod 600 ${path}`);
    }
  }
});

test("a key file cut short at any byte, or filled with something else, is refused and not replaced", () => {
  using home = temporaryDirectory();
  const path = join(home.path, "master.key");
  loadMasterKey({ home: home.path, isExistingVault: false });
  const whole = readFileSync(path, "utf8").trimEnd();
  for (let length = 0; length < whole.length; length += 7) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    expect(codeOf(() => loadMasterKey({ home: home.path, isExistingVault: false }))).toBe("master-key-damaged");
    expect(statSync(path).size).toBe(length);
  }
  writeFileSync(path, '{"version":1,"kind":"key","key":"c2hvcnQ="}');
  expect(codeOf(() => loadMasterKey({ home: home.path, isExistingVault: true }))).toBe("master-key-damaged");
});

test("a missing key file beside a sealed database is an error, and no new key is made", () => {
  using home = temporaryDirectory();
  const storage = openStorage({ path: join(home.path, "hearth.db") });
  openVault({ home: home.path, storage }).close();
  const path = join(home.path, "master.key");
  rmSync(path);
  expect(codeOf(() => openVault({ home: home.path, storage }))).toBe("master-key-missing");
  expect(readdirSync(home.path)).not.toContain("master.key");
  loadMasterKey({ home: home.path, isExistingVault: false });
  expect(codeOf(() => openVault({ home: home.path, storage }))).toBe("master-key-wrong");
  storage.close();
});

test("a passphrase makes the key, is stored nowhere, and a wrong one is named", () => {
  using home = temporaryDirectory();
  const passphrase = "correct horse é battery";
  const key = loadMasterKey({ home: home.path, passphrase, isExistingVault: false });
  const stored = readFileSync(join(home.path, "master.key"), "utf8");
  expect(stored).toContain("argon2id");
  expect(stored).not.toContain(Buffer.from(key).toString("base64"));
  expect(stored).not.toContain("horse");
  // The same passphrase typed with a decomposed letter.
  expect(loadMasterKey({ home: home.path, passphrase: passphrase.normalize("NFD"), isExistingVault: true })).toEqual(
    key,
  );
  const load = (other?: string) => () =>
    loadMasterKey({ home: home.path, isExistingVault: true, ...(other === undefined ? {} : { passphrase: other }) });
  expect(codeOf(load("correct horse e battery"))).toBe("passphrase-wrong");
  expect(codeOf(load())).toBe("passphrase-needed");
});

test("a passphrase for a box that has a key file is refused rather than ignored", () => {
  using home = temporaryDirectory();
  loadMasterKey({ home: home.path, isExistingVault: false });
  expect(codeOf(() => loadMasterKey({ home: home.path, passphrase: "x", isExistingVault: true }))).toBe(
    "passphrase-not-used",
  );
});

test("a changed file cannot make the box spend gigabytes on a passphrase", () => {
  using home = temporaryDirectory();
  const path = join(home.path, "master.key");
  loadMasterKey({ home: home.path, passphrase: "x", isExistingVault: false });
  const changed = readFileSync(path, "utf8").replace('"memoryKiB":65536', '"memoryKiB":99999999');
  writeFileSync(path, changed);
  expect(codeOf(() => loadMasterKey({ home: home.path, passphrase: "x", isExistingVault: true }))).toBe(
    "master-key-damaged",
  );
});

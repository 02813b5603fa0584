// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import { openTestBox } from "../encryption/testing.ts";
import { createSettings } from "./index.ts";

test("a setting is what was set last, sealed in the database", () => {
  using box = openTestBox();
  const settings = createSettings({ ...box, nowMs: box.clock.now });
  const schema = z.object({ name: z.string() });
  expect(settings.get("box", schema)).toBeUndefined();
  settings.set("box", { name: "first" });
  settings.set("box", { name: "Kitchen Hearth" });
  expect(settings.get("box", schema)).toEqual({ name: "Kitchen Hearth" });
  const row = box.storage.database.query<{ sealed_value: Uint8Array }, []>("SELECT sealed_value FROM settings").get();
  expect(Buffer.from(row?.sealed_value ?? []).includes("Kitchen")).toBe(false);
  expect(settings.delete("box")).toBe(true);
  expect(settings.delete("box")).toBe(false);
  expect(settings.get("box", schema)).toBeUndefined();
});

test("a stored value that no longer fits is an error that names the setting", () => {
  using box = openTestBox();
  const settings = createSettings({ ...box, nowMs: box.clock.now });
  settings.set("limit", "many");
  expect(() => settings.get("limit", z.number())).toThrow("setting limit is not as expected");
});

test("names are listed by prefix, and values keep to their names", () => {
  using box = openTestBox();
  const settings = createSettings({ ...box, nowMs: box.clock.now });
  for (const key of ["limits.sender", "limits.chat", "language"]) settings.set(key, key);
  expect(settings.keys("limits.")).toEqual(["limits.chat", "limits.sender"]);
  box.storage.database.run(
    "UPDATE settings SET sealed_value = (SELECT sealed_value FROM settings WHERE key = 'language')",
  );
  expect(() => settings.get("limits.chat", z.string())).toThrow("does not open");
  expect(settings.get("language", z.string())).toBe("language");
});

test("a write that is part of a transaction goes with it", () => {
  using box = openTestBox();
  const settings = createSettings({ ...box, nowMs: box.clock.now });
  const failing = () =>
    box.storage.transaction(() => {
      settings.set("a", 1);
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(settings.keys()).toEqual([]);
});

test("any JSON value comes back as it was", () => {
  using box = openTestBox();
  const settings = createSettings({ ...box, nowMs: box.clock.now });
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      settings.set("value", value);
      expect(settings.get("value", z.unknown())).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 40 },
  );
});

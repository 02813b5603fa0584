// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { homedir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { isHearthError } from "../../shared/errors/index.ts";
import { readConfig } from "./config.ts";

describe("readConfig", () => {
  test("an empty environment gives the documented defaults", () => {
    expect(readConfig({})).toEqual({
      home: join(homedir(), ".hearth"),
      listen: { host: "127.0.0.1", port: 7411 },
      model: undefined,
      backend: { kind: "builtin" },
      logLevel: "info",
      passphrase: undefined,
      crashAt: undefined,
    });
  });

  test("an OpenAI-compatible back-end is taken with or without a slash at the end", () => {
    for (const url of ["http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/"]) {
      expect(readConfig({ HEARTH_BACKEND: `openai:${url}` }).backend).toEqual({
        kind: "openai",
        baseUrl: "http://127.0.0.1:8080/v1",
        apiKey: undefined,
      });
    }
  });

  test.each([
    ["HEARTH_BACKEND", "ollama"],
    ["HEARTH_BACKEND", "openai:ftp://x/v1"],
    ["HEARTH_BACKEND", "openai:http://x/api"],
    ["HEARTH_LISTEN", "nowhere"],
    ["HEARTH_LISTEN", "localhost:99999"],
    ["HEARTH_LOG", "loud"],
    ["HEARTH_TEST_CRASH_AT", "nowhere"],
  ])("%s=%s is refused with its name and a way out", (name, value) => {
    try {
      readConfig({ [name]: value });
      expect.unreachable();
    } catch (error) {
      expect(isHearthError(error) && error.code).toStartWith("invalid-");
      expect(isHearthError(error) && `${error.message} ${error.remedy}`).toContain(name);
      expect(isHearthError(error) && error.message).toContain(value);
    }
  });

  test("whatever HEARTH_LISTEN holds, the answer is an address or a HearthError", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(readConfig({ HEARTH_LISTEN: text }).listen.port).toBeLessThanOrEqual(65_535);
        } catch (error) {
          expect(isHearthError(error)).toBe(true);
        }
      }),
    );
  });

  test("IPv6 addresses and a port alone are understood", () => {
    expect(readConfig({ HEARTH_LISTEN: "[::1]:80" }).listen).toEqual({ host: "::1", port: 80 });
    expect(readConfig({ HEARTH_LISTEN: "7412" }).listen).toEqual({ host: "127.0.0.1", port: 7412 });
  });
});

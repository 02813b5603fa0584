// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isHostAllowed, isSameOrigin, parseHostHeader } from "./host-policy.ts";

const loopback = { listenHost: "127.0.0.1", allowedHosts: ["hearth-1a2b.local"] };
const everywhere = { listenHost: "0.0.0.0", allowedHosts: [] };
const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);

describe("the names of the box", () => {
  test("no name but its own is allowed, whatever it listens on", () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 2, maxLength: 4 }), fc.nat(65_535), (labels, port) => {
        const name = labels.join(".");
        fc.pre(name !== "hearth-1a2b.local");
        expect(isHostAllowed(loopback, `${name}:${port}`)).toBe(false);
        expect(isHostAllowed(everywhere, name)).toBe(false);
      }),
    );
  });

  test("IP literals are allowed beyond loopback only when the box listens there", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        fc.pre(address !== "127.0.0.1");
        expect(isHostAllowed(loopback, address)).toBe(false);
        expect(isHostAllowed(everywhere, `${address}:7411`)).toBe(true);
      }),
    );
    expect(isHostAllowed(everywhere, "[fe80::1]:7411")).toBe(true);
    expect(isHostAllowed({ ...loopback, listenHost: "192.168.1.5" }, "192.168.1.5:7411")).toBe(true);
  });

  test("what is not a host header is nobody", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const host = parseHostHeader(text);
        if (host !== null) expect(text.toLowerCase()).toContain(host);
        if (/[\s,/@?#\\%]/.test(text)) expect(host).toBeNull();
      }),
    );
    for (const text of [
      undefined,
      null,
      "",
      ":80",
      "a b",
      "a,b",
      "a@b",
      "[::1",
      "a:b",
      "a:999999",
      "127.0.0.1\u0000",
    ]) {
      expect(parseHostHeader(text)).toBeNull();
    }
  });

  test("an origin is the box's own only with the same host and port", () => {
    expect(isSameOrigin("http://127.0.0.1:7411", "127.0.0.1:7411")).toBe(true);
    expect(isSameOrigin("https://hearth-1a2b.local", "hearth-1a2b.local")).toBe(true);
    expect(isSameOrigin("http://localhost", "localhost:80")).toBe(true);
    for (const origin of [
      "http://127.0.0.1:7412",
      "http://localhost:7411",
      "http://127.0.0.1:7411/",
      "http://user@127.0.0.1:7411",
      "ftp://127.0.0.1:7411",
      "null",
      "",
      "127.0.0.1:7411",
      "http://127.0.0.1:7411.evil.example",
      "chrome-extension://abc",
    ]) {
      expect([origin, isSameOrigin(origin, "127.0.0.1:7411")]).toEqual([origin, false]);
    }
  });
});

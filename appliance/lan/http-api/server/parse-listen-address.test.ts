// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { parseListenAddress } from "./parse-listen-address.ts";

test("host and port, IPv6 in brackets, a port alone is loopback", () => {
  expect(parseListenAddress("0.0.0.0:80")).toEqual({ host: "0.0.0.0", port: 80 });
  expect(parseListenAddress("[::1]:7411")).toEqual({ host: "::1", port: 7411 });
  expect(parseListenAddress(" hearth.local:0 ")).toEqual({ host: "hearth.local", port: 0 });
  expect(parseListenAddress("7411")).toEqual({ host: "127.0.0.1", port: 7411 });
});

test("anything else is refused with what to write instead", () => {
  for (const text of ["", "127.0.0.1", "127.0.0.1:", "::1:7411", "a:70000", "http://a:1", "a b:1", ":1", "-1"]) {
    let code = "";
    try {
      parseListenAddress(text);
    } catch (thrown) {
      code = (thrown as { code: string }).code;
    }
    expect([text, code]).toEqual([text, "invalid-listen-address"]);
  }
});

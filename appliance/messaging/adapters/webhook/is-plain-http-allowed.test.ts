// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { isPlainHttpAllowed } from "./is-plain-http-allowed.ts";

test("this machine and private networks may be reached without TLS, the internet may not", () => {
  const privateHosts = [
    "127.0.0.1",
    "localhost",
    "nas",
    "nas.local",
    "10.1.2.3",
    "192.168.1.9",
    "172.31.0.1",
    "[::1]",
    "[fd12::1]",
    "100.64.0.1",
  ];
  const publicHosts = [
    "example.org",
    "8.8.8.8",
    "172.32.0.1",
    "[2001:db8::1]",
    "127.0.0.1.example.org",
    "local.example",
    "100.128.0.1",
    "169.254.1.1",
    "[fe80::1]",
  ];
  for (const host of privateHosts)
    expect({ host, isAllowed: isPlainHttpAllowed(host) }).toEqual({ host, isAllowed: true });
  for (const host of publicHosts)
    expect({ host, isAllowed: isPlainHttpAllowed(host) }).toEqual({ host, isAllowed: false });
});

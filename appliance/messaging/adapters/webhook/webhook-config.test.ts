// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { webhookConfigSchema } from "./index.ts";

const isTaken = (callback: string): boolean => webhookConfigSchema.safeParse({ secret: "s", callback }).success;

test("replies cannot be sent to link-local, multicast, unspecified or metadata addresses, also not over https", () => {
  const hosts = ["169.254.169.254", "0xa9fea9fe", "[::ffff:a9fe:a9fe]", "[fe80::1]", "0.0.0.0", "[::]", "224.0.0.1"];
  const urls = hosts.flatMap((host) => [`http://${host}/in`, `https://${host}:8443/in`]);
  expect(urls.filter(isTaken)).toEqual([]);
});

test("this machine, the private network and the internet stay", () => {
  const urls = [
    "http://127.0.0.1:9/in",
    "http://localhost/in",
    "http://192.168.1.9/in",
    "http://[::1]:9/in",
    "http://nas.local/in",
    "https://example.org/in",
  ];
  expect(urls.filter((url) => !isTaken(url))).toEqual([]);
});

// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { isBlockedAddress } from "./index.ts";

test("unspecified, link-local, multicast, reserved and metadata addresses are blocked, however they are written", () => {
  const blocked = [
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "169.254.43518",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "100.100.100.200",
    "168.63.129.16",
    "::",
    "[::]",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "ff02::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "[::ffff:a9fe:a9fe]",
    "0:0:0:0:0:FFFF:A9FE:A9FE",
    "::ffff:0.0.0.0",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
  ];
  expect(blocked.filter((host) => !isBlockedAddress(host))).toEqual([]);
});

test("loopback, private networks, the internet and names are not", () => {
  const open = [
    "127.0.0.1",
    "10.0.0.1",
    "192.168.1.9",
    "172.16.0.1",
    "100.64.0.1",
    "169.253.1.1",
    "8.8.8.8",
    "223.255.255.255",
    "::1",
    "fd12::1",
    "fec0::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "64:ff9b::8.8.8.8",
    "localhost",
    "nas.local",
    "0.example.org",
    "not a host",
    "",
  ];
  expect(open.filter((host) => isBlockedAddress(host))).toEqual([]);
});

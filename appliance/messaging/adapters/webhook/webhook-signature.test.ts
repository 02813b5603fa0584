// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { isSignedBy, signBody } from "./webhook-signature.ts";

const body = new TextEncoder().encode('{"id":"1","from":"ada","text":"hello"}');

test("the signature is the HMAC-SHA-256 of the raw body that any tool computes", () => {
  // printf '{"id":"1","from":"ada","text":"hello"}' | openssl dgst -sha256 -hmac key
  expect(signBody("key", body)).toBe("sha256=905429d1a32a183089e3a2f98f0b46fc284746fe2484b00e2d8c604f59b71fc2");
});

test("only this secret and exactly these bytes are signed", () => {
  const header = signBody("key", body);
  expect(isSignedBy("key", body, header)).toBe(true);
  expect(isSignedBy("key", body, header.toUpperCase().replace("SHA256", "sha256"))).toBe(true);
  expect(isSignedBy("other", body, header)).toBe(false);
  expect(isSignedBy("key", body.subarray(1), header)).toBe(false);
  for (const wrong of [null, "", "sha256=", header.slice(0, -1), `${header}0`, header.replace("sha256", "sha1")])
    expect(isSignedBy("key", body, wrong)).toBe(false);
});

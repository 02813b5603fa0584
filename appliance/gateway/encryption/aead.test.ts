// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { argon2Sync } from "node:crypto";
import { decrypt, encrypt } from "./aead.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

// Test cases 13 to 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega), AES-256.
const key15 = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
const nonce15 = hex("cafebabefacedbaddecaf888");
const plain15 = hex(
  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
);
const cipher15 =
  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
const vectors: [key: Buffer, nonce: Buffer, associated: Buffer, plaintext: Buffer, sealed: string][] = [
  [Buffer.alloc(32), Buffer.alloc(12), Buffer.alloc(0), Buffer.alloc(0), "530f8afbc74536b9a963b4f1c4cb738b"],
  [
    Buffer.alloc(32),
    Buffer.alloc(12),
    Buffer.alloc(0),
    Buffer.alloc(16),
    "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
  ],
  [key15, nonce15, Buffer.alloc(0), plain15, `${cipher15}b094dac5d93471bdec1a502270e3cc6c`],
  [
    key15,
    nonce15,
    hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    plain15.subarray(0, 60),
    `${cipher15.slice(0, 120)}76fc6ece0f4e1768cddf8853bb2d551b`,
  ],
];

test("AES-256-GCM gives the published results", () => {
  for (const [key, nonce, associated, plaintext, sealed] of vectors) {
    expect(encrypt(key, nonce, associated, plaintext).toString("hex")).toBe(sealed);
    expect(decrypt(key, nonce, associated, hex(sealed))?.equals(plaintext)).toBe(true);
  }
});

test("a tag that is short, long or zero opens nothing", () => {
  const [key, nonce, associated, , sealed] = vectors[3] ?? expect.unreachable();
  const bytes = hex(sealed);
  const body = bytes.subarray(0, -16);
  const shortTags = [0, 1, 4, 8, 12, 15].map((length) => Buffer.concat([body, bytes.subarray(-16, -16 + length)]));
  for (const forged of [
    ...shortTags,
    Buffer.concat([body, Buffer.alloc(16)]),
    Buffer.concat([bytes, Buffer.alloc(1)]),
  ]) {
    expect(decrypt(key, nonce, associated, forged)).toBeUndefined();
  }
  expect(decrypt(key, Buffer.alloc(0), associated, bytes)).toBeUndefined();
  expect(decrypt(key, Buffer.alloc(16), associated, bytes)).toBeUndefined();
});

test("argon2id of this runtime gives the result of RFC 9106, section 5.3", () => {
  const tag = argon2Sync("argon2id", {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    parallelism: 4,
    tagLength: 32,
    memory: 32,
    passes: 3,
  });
  expect(tag.toString("hex")).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
});

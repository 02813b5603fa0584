// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createHearthHome, type HearthHome, startAppliance } from "../harness/appliance-process.ts";

// Odd values with the owner's rights, on a whole appliance: whatever they are, the answer is an answer.

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", "../x", "\u0000", "per_x", "web-chat", "api", "guide", "\ud800", "a".repeat(130), "__proto__"),
);
const identity = fc.record({ channel: text, address: text });
const callback = fc.oneof(text, fc.webUrl(), fc.constantFrom("http://127.0.0.1:1", "file:///etc/passwd"));
const config = fc.oneof(
  fc.dictionary(text, fc.jsonValue()),
  fc.record({ secret: text, callback }),
  fc.record({ service: text, domain: text, username: text, password: text, jid: text }),
);
const scopes = fc.subarray(["models", "agent", "metrics", "read", "admin"]);
const nothing = fc.constant(undefined);

/** `{q}` in a path stands for an odd text. */
const calls: readonly (readonly [string, string, fc.Arbitrary<unknown>])[] = [
  ["POST", "/api/people", fc.record({ name: text, identities: fc.array(identity, { maxLength: 3 }) })],
  ["PATCH", "/api/people/{q}", fc.record({ name: text, addIdentities: fc.array(identity, { maxLength: 2 }) })],
  [
    "POST",
    "/api/channels",
    fc.record({
      kind: fc.constantFrom("webhook", "xmpp", "nope"),
      name: fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/),
      policy: fc.constantFrom("closed", "pairing", "anyone"),
      config,
    }),
  ],
  ["PATCH", "/api/channels/web-chat", fc.record({ policy: fc.constantFrom("closed", "anyone"), config })],
  ["POST", "/api/keys", fc.record({ name: text, scopes, personId: text }, { requiredKeys: ["name"] })],
  ["POST", "/api/links", fc.record({ personId: text }, { requiredKeys: [] })],
  ["POST", "/api/pairing/approve", fc.record({ code: text, personId: text }, { requiredKeys: ["code"] })],
  ["POST", "/api/pairing/deny", fc.oneof(fc.record({ id: text }), fc.record({ code: text }))],
  ["POST", "/api/models/inspect", fc.record({ model: text })],
  ["POST", "/api/models/use", fc.record({ model: text.filter((name) => name !== "guide") })],
  ["POST", "/api/knowledge", fc.record({ title: text, text: fc.string({ unit: "binary", maxLength: 300 }) })],
  ["POST", "/api/knowledge", fc.record({ path: text })],
  ["PUT", "/api/settings", fc.record({ boxName: text, allowedHosts: fc.array(text, { maxLength: 3 }) })],
  ["GET", "/api/knowledge/search?q={q}", nothing],
  ["GET", "/api/conversations/{q}", nothing],
  ["GET", "/api/conversations?after={q}", nothing],
  ["GET", "/api/audit?after={q}", nothing],
  ["GET", "/api/logs?after={q}", nothing],
  ["DELETE", "/api/people/{q}", nothing],
  ["DELETE", "/api/channels/{q}", nothing],
  ["DELETE", "/api/knowledge/{q}", nothing],
  ["DELETE", "/api/keys/{q}", nothing],
  ["POST", "/api/queues/dead/{q}/retry", nothing],
];

async function call(home: HearthHome, method: string, path: string, body: unknown): Promise<Response> {
  return fetch(`http://hearth${path}`, {
    method,
    unix: `${home.path}/hearth.sock`,
    signal: AbortSignal.timeout(15_000),
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
}

test("1,800 odd requests with the owner's rights: never a 5xx, never silence, and the audit log holds", async () => {
  using home = await createHearthHome();
  await using appliance = await startAppliance(home);
  const wrong: string[] = [];
  let accepted = 0;
  for (const [method, path, bodies] of calls) {
    for (const [body, odd] of fc.sample(fc.tuple(bodies, text), { numRuns: 80, seed: 20_261_122 })) {
      const url = path.replace("{q}", encodeURIComponent(odd.toWellFormed()));
      const status = await call(home, method, url, body).then(
        (response) => response.status,
        () => 0,
      );
      if (status >= 200 && status < 300) accepted += 1;
      else if (status < 400 || status >= 500) wrong.push(`${status} ${method} ${url} ${JSON.stringify(body)}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(accepted).toBeGreaterThan(200);
  const verification = (await (await call(home, "POST", "/api/audit/verify", undefined)).json()) as {
    isIntact: boolean;
  };
  expect(verification.isIntact).toBe(true);
  expect((await fetch(`${appliance.baseUrl}/readyz`)).status).toBe(200);
}, 90_000);

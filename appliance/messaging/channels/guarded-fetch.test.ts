// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { manualClock } from "../../../shared/testing/index.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";

const limits = { timeoutMs: 1_000, maximumBytes: 10 };

test("an answer within the limits comes whole, and no redirect is followed unless asked for", async () => {
  const seen: RequestInit[] = [];
  const port = async (_url: string, init?: RequestInit) => {
    seen.push(init ?? {});
    return new Response("0123456789", { status: 201, headers: { "x-kept": "yes" } });
  };
  const response = await createGuardedFetch(port, manualClock(), limits)("https://example.org/");
  expect(await response.text()).toBe("0123456789");
  expect([response.status, response.headers.get("x-kept"), seen[0]?.redirect]).toEqual([201, "yes", "manual"]);
});

test("what is no http, too large or too slow is an error with a code", async () => {
  const clock = manualClock();
  const large = createGuardedFetch(async () => new Response("01234567890"), clock, limits);
  await expect(large("https://example.org/")).rejects.toMatchObject({ code: "fetch-too-large" });
  await expect(large("file:///etc/passwd")).rejects.toMatchObject({ code: "fetch-blocked" });
  const slow = createGuardedFetch(
    (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("aborted")))),
    clock,
    limits,
  );
  const asking = slow("https://example.org/");
  clock.advance(1_000);
  await expect(asking).rejects.toMatchObject({ code: "fetch-timeout" });
});

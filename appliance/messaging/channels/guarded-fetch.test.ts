// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { manualClock } from "../../../shared/testing/index.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";

const limits = { timeoutMs: 1_000, maximumBytes: 10 };
const somewhere = async (): Promise<string[]> => ["192.0.2.1"];

test("an answer within the limits comes whole, and no redirect is followed", async () => {
  const seen: RequestInit[] = [];
  const port = async (_url: string, init?: RequestInit) => {
    seen.push(init ?? {});
    return new Response("0123456789", { status: 201, headers: { "x-kept": "yes" } });
  };
  const response = await createGuardedFetch(
    port,
    manualClock(),
    limits,
    somewhere,
  )("https://example.org/", {
    redirect: "follow",
  });
  expect(await response.text()).toBe("0123456789");
  expect([response.status, response.headers.get("x-kept"), seen[0]?.redirect]).toEqual([201, "yes", "manual"]);
});

test("what is no http, too large or too slow is an error with a code", async () => {
  const clock = manualClock();
  const large = createGuardedFetch(async () => new Response("01234567890"), clock, limits, somewhere);
  await expect(large("https://example.org/")).rejects.toMatchObject({ code: "fetch-too-large" });
  await expect(large("file:///etc/passwd")).rejects.toMatchObject({ code: "fetch-blocked" });
  const slow = createGuardedFetch(
    (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("aborted")))),
    clock,
    limits,
    somewhere,
  );
  const asking = slow("https://example.org/");
  clock.advance(1_000);
  await expect(asking).rejects.toMatchObject({ code: "fetch-timeout" });
});

test("a name that leads to a blocked address is looked up for each request, and nothing is sent to it", async () => {
  const addresses: Record<string, string[]> = {
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:169.254.169.254", "fe80::1"],
    "nas.local": ["fe80::1", "192.168.1.9"],
    "secure.example": ["192.0.2.7"],
  };
  const sent: string[] = [];
  const port = async (url: string, init?: RequestInit) => {
    sent.push(`${url} ${new Headers(init?.headers).get("host")} ${new Headers(init?.headers).get("x-kept")}`);
    return new Response("ok");
  };
  const resolve = async (name: string) => addresses[name] ?? [];
  const guarded = createGuardedFetch(port, manualClock(), limits, resolve);
  for (const url of [
    "http://metadata.example/latest",
    "https://metadata.example/latest",
    "http://mapped.example/",
    "http://169.254.169.254/",
    "http://[fe80::1]/",
    "http://0/",
  ])
    await expect(guarded(url)).rejects.toMatchObject({ code: "fetch-blocked" });
  expect(sent).toEqual([]);
  const headers = { "X-Kept": "yes" };
  for (const url of ["http://nas.local:8080/in", "https://secure.example/in", "http://127.0.0.1:9/in"])
    await guarded(url, { headers });
  // Over plain http the address that was looked at is the one that is used; a name that changes its mind changes nothing.
  expect(sent).toEqual([
    "http://192.168.1.9:8080/in nas.local:8080 yes",
    "https://secure.example/in null yes",
    "http://127.0.0.1:9/in null yes",
  ]);
  addresses["nas.local"] = ["169.254.169.254"];
  await expect(guarded("http://nas.local:8080/in")).rejects.toMatchObject({ code: "fetch-blocked" });
});

test("a name server that does not answer takes no longer than the time limit", async () => {
  const clock = manualClock();
  const silent = createGuardedFetch(
    async () => new Response("ok"),
    clock,
    limits,
    () => new Promise(() => undefined),
  );
  const asking = silent("https://example.org/");
  clock.advance(1_000);
  await expect(asking).rejects.toMatchObject({ code: "fetch-timeout" });
});

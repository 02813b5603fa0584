// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { join, resolve } from "node:path";
import { createGateway } from "../../appliance/gateway/access-control/index.ts";
import { createAudit } from "../../appliance/gateway/audit/index.ts";
import { openVault } from "../../appliance/gateway/encryption/index.ts";
import { createRateLimiter } from "../../appliance/gateway/rate-limit/index.ts";
import { createSignIn } from "../../appliance/gateway/sign-in/index.ts";
import { openStorage } from "../../appliance/ops/storage/index.ts";
import { systemClock as clock } from "../../shared/clock/index.ts";
import { silentLogger as logger } from "../../shared/logging/index.ts";
import { temporaryDirectory } from "../../shared/testing/index.ts";

const appliance = resolve(import.meta.dir, "../../appliance");

function openBox(home: string) {
  const storage = openStorage({ path: join(home, "hearth.db") });
  const vault = openVault({ home, storage });
  const audit = createAudit({ storage, vault, nowMs: clock.now });
  const gateway = createGateway({ storage, vault, audit, limiter: createRateLimiter(clock), clock, logger });
  const signIn = createSignIn({ storage, vault, audit, clock, logger });
  const close = () => {
    gateway.close();
    vault.close();
    storage.close();
  };
  return { storage, vault, audit, gateway, signIn, [Symbol.dispose]: close };
}

/** The same box in a process of its own; `body` has it as `box` and may use `process.argv`. */
function startBox(home: string, body: string, ...values: readonly string[]) {
  const source = `
    const { openStorage } = await import("${appliance}/ops/storage/index.ts");
    const { openVault } = await import("${appliance}/gateway/encryption/index.ts");
    const { createAudit } = await import("${appliance}/gateway/audit/index.ts");
    const { createRateLimiter } = await import("${appliance}/gateway/rate-limit/index.ts");
    const { createGateway } = await import("${appliance}/gateway/access-control/index.ts");
    const { createSignIn } = await import("${appliance}/gateway/sign-in/index.ts");
    const { systemClock: clock } = await import("${appliance}/../shared/clock/index.ts");
    const { silentLogger: logger } = await import("${appliance}/../shared/logging/index.ts");
    const say = (text) => require("node:fs").writeSync(1, text + "\\n");
    const home = process.argv[1];
    const storage = openStorage({ path: home + "/hearth.db" });
    const vault = openVault({ home, storage });
    const audit = createAudit({ storage, vault, nowMs: clock.now });
    const gateway = createGateway({ storage, vault, audit, limiter: createRateLimiter(clock), clock, logger });
    const signIn = createSignIn({ storage, vault, audit, clock, logger });
    ${body}`;
  return Bun.spawn([process.execPath, "-e", source, home, ...values], { stdout: "pipe", stderr: "inherit", env: {} });
}

test("one sign-in link, five processes with ten tries each: one winner", async () => {
  using directory = temporaryDirectory();
  using box = openBox(directory.path);
  const owner = box.gateway.people.ensureOwner();
  const { token } = box.signIn.createLink(owner, "system");
  const body = `
    for (let n = 0; n < 10; n++) {
      const result = signIn.useLink(process.argv[2], "racer");
      say(result.ok ? "won" : result.reason);
    }`;
  const children = Array.from({ length: 5 }, () => startBox(directory.path, body, token));
  const outputs = await Promise.all(children.map((child) => new Response(child.stdout).text()));
  const words = outputs.flatMap((output) => output.trim().split("\n"));
  expect(words.filter((word) => word === "won")).toHaveLength(1);
  expect(words.filter((word) => word === "link-used")).toHaveLength(49);
  expect(box.signIn.list(owner)).toHaveLength(1);
}, 60_000);

test("kill -9 while people are made, changed and removed: the audit log is whole and says what is there", async () => {
  using directory = temporaryDirectory();
  const body = `
    const owner = gateway.people.ensureOwner();
    say("begun");
    for (;;) {
      const made = gateway.people.create({ name: "n", role: "member", identities: [{ channel: "x", address: crypto.randomUUID() }] }, owner);
      gateway.people.update(made.person.id, { role: "operator" }, owner);
      if (made.person.id.charCodeAt(20) % 2 === 0) gateway.people.remove(made.person.id, owner);
    }`;
  for (let round = 0; round < 5; round++) {
    const child = startBox(directory.path, body);
    const reader = child.stdout.getReader();
    await reader.read();
    await Bun.sleep(40 + round * 29);
    child.kill("SIGKILL");
    await child.exited;
    reader.releaseLock();
    using box = openBox(directory.path);
    expect(box.audit.verify()).toMatchObject({ isIntact: true });
    const entries = box.audit.list({ limit: 100_000 });
    const named = (action: string) => entries.filter((entry) => entry.action === action).map((entry) => entry.target);
    const removed = new Set(named("person-removed"));
    const expected = named("person-created").filter((id) => !removed.has(id));
    expect(
      box.gateway.people
        .list()
        .map((person) => String(person.id))
        .toSorted(),
    ).toEqual(expected.toSorted());
  }
}, 60_000);

test("admitting and sealing a message takes well under a millisecond, in the middle and nearly always", () => {
  using directory = temporaryDirectory();
  using box = openBox(directory.path);
  const identities = [{ channel: "xmpp", address: "ann@example.org" }];
  const created = box.gateway.people.create({ name: "Ann", role: "member", identities }, "system");
  const person = created.ok ? created.person.id : expect.unreachable();
  const text = "What are your opening hours on Sunday? 你好 ".repeat(8);
  const timesMs: number[] = [];
  box.storage.transaction(() => {
    for (let n = 0; n < 1000; n++) {
      const startedMs = performance.now();
      const admission = box.gateway.admit({
        sender: { channel: "web-chat", address: person, isVerified: true, authenticatedPerson: person },
        policy: "closed",
        conversation: "c",
        isGroup: false,
        text,
      });
      box.vault.seal(person, { table: "inbox", row: String(n), column: "event" }, text);
      timesMs.push(performance.now() - startedMs);
      expect(admission.isAllowed).toBe(true);
    }
  });
  timesMs.sort((one, other) => one - other);
  expect(timesMs[500]).toBeLessThan(1);
  expect(timesMs[950]).toBeLessThan(3);
});

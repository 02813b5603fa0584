// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { z } from "zod";
import { createGateway } from "../../appliance/gateway/access-control/index.ts";
import { createApiKeys } from "../../appliance/gateway/api-keys/index.ts";
import { createAudit } from "../../appliance/gateway/audit/index.ts";
import { createVault } from "../../appliance/gateway/encryption/index.ts";
import { createRateLimiter } from "../../appliance/gateway/rate-limit/index.ts";
import { createSettings } from "../../appliance/gateway/settings/index.ts";
import { createSignIn } from "../../appliance/gateway/sign-in/index.ts";
import { openStorage } from "../../appliance/ops/storage/index.ts";
import { isHearthError } from "../../shared/errors/index.ts";
import { silentLogger } from "../../shared/logging/index.ts";
import { manualClock, temporaryDirectory } from "../../shared/testing/index.ts";

/** A box with two of everything, and the public door through which each sealed column is read. */
function openBox(home: string) {
  const clock = manualClock();
  const nowMs = clock.now;
  const storage = openStorage({ path: `${home}/hearth.db` });
  storage.database.exec("PRAGMA synchronous = OFF");
  const vault = createVault({ storage, masterKey: new Uint8Array(32).fill(3), nowMs });
  const audit = createAudit({ storage, vault, nowMs });
  const deps = { storage, vault, audit, clock, logger: silentLogger };
  const gateway = createGateway({ ...deps, limiter: createRateLimiter(clock) });
  const keys = createApiKeys(deps);
  const signIn = createSignIn(deps);
  const settings = createSettings({ storage, vault, nowMs });
  const owner = gateway.people.ensureOwner();
  for (const name of ["one", "two"]) {
    gateway.people.create({ name, role: "member", identities: [{ channel: "xmpp", address: name }] }, owner);
    gateway.blocklist.block({ channel: "xmpp", address: `blocked-${name}` }, owner);
    const sender = { channel: "xmpp", address: `stranger-${name}`, displayName: name, isVerified: true };
    gateway.admit({ sender, policy: "pairing", conversation: name, isGroup: false, text: "hi" });
    settings.set(name, name);
    keys.create({ name, scopes: ["models"], personId: owner }, owner);
    signIn.useLink(signIn.createLink(owner, owner).token, name);
    clock.advance(10);
  }
  gateway.decisions.list(10);
  const pairAgain = () => {
    // The code is read when the gateway tells it a second time.
    const sender = { channel: "xmpp", address: "stranger-one", displayName: "one", isVerified: true };
    return gateway.admit({ sender, policy: "pairing", conversation: "one", isGroup: false, text: "hi" });
  };
  const readers: Record<string, () => unknown> = {
    "people.sealed_name": () => gateway.people.list(),
    "identities.sealed_address": () => gateway.people.list(),
    "pairing_requests.sealed_code": pairAgain,
    "pairing_requests.sealed_address": () => gateway.pairing.list(),
    "pairing_requests.sealed_display_name": () => gateway.pairing.list(),
    "blocked_addresses.sealed_address": () => gateway.blocklist.list(),
    "admission_decisions.sealed_sender": () => gateway.decisions.list(10),
    "api_keys.sealed_name": () => keys.list(),
    "console_sessions.sealed_label": () => signIn.list(owner),
    "audit_entries.sealed_details": () => audit.list({ limit: 99 }),
    "settings.sealed_value": () => ["one", "two"].map((key) => settings.get(key, z.string())),
  };
  const close = () => {
    gateway.close();
    vault.close();
    storage.close();
  };
  return { storage, readers, [Symbol.dispose]: close };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return isHearthError(thrown) ? thrown.code : String(thrown);
  }
  return "read without complaint";
}

test("every sealed column of the gateway has its reader here", () => {
  using directory = temporaryDirectory();
  using box = openBox(directory.path);
  const columns = box.storage.database
    .query<{ name: string }, []>(
      `SELECT tables.name || '.' || columns.name AS name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND columns.name LIKE 'sealed\\_%' ESCAPE '\\'`,
    )
    .all()
    .map((row) => row.name)
    // The audit log's key has its own tests: a changed one is named by `verify`.
    .filter((name) => name !== "audit_head.sealed_private_key");
  expect(Object.keys(box.readers).toSorted()).toEqual(columns.toSorted());
});

const changes: [name: string, assignment: (column: string, table: string) => string][] = [
  [
    "swapped with another row's",
    (column, table) =>
      `(SELECT other.${column} FROM ${table} AS other WHERE other.rowid <> ${table}.rowid AND other.${column} IS NOT NULL LIMIT 1)`,
  ],
  ["replaced by a value of another table", () => "(SELECT key_check FROM vault)"],
  [
    "replaced by a sealed value of another table",
    (column) => `(SELECT sealed_private_key FROM audit_head WHERE ${column} IS NOT NULL)`,
  ],
  ["cut by a byte", (column) => `substr(${column}, 1, length(${column}) - 1)`],
  ["emptied", () => "x''"],
  ["made longer", (column) => `CAST(${column} || x'00' AS BLOB)`],
  ["zeroed", (column) => `zeroblob(length(${column}))`],
];

for (const [name, assignment] of changes) {
  test(`a sealed value that was ${name} is refused, in every column`, () => {
    using directory = temporaryDirectory();
    using box = openBox(directory.path);
    for (const [place, read] of Object.entries(box.readers)) {
      const [table = "", column = ""] = place.split(".");
      expect([place, codeOf(read)]).toEqual([place, "read without complaint"]);
      box.storage.database.exec("SAVEPOINT tampering");
      box.storage.database.run(
        `UPDATE ${table} SET ${column} = ${assignment(column, table)} WHERE ${column} IS NOT NULL`,
      );
      expect([place, codeOf(read)]).toEqual([place, "value-tampered"]);
      box.storage.database.exec("ROLLBACK TO tampering; RELEASE tampering");
    }
  });
}

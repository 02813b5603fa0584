// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { findPlaintext } from "./find-plaintext.ts";

const appliance = resolve(import.meta.dir, "../../appliance");

/** Everything personal or secret that the gateway is given, each a text that cannot stand anywhere by chance. */
const canaries = {
  name: "CanaryName-Zvonimira",
  displayName: "CanaryDisplay-火鸟-9137",
  address: "canary.address.7741@example.org",
  stranger: "canary.stranger.5518@example.org",
  blocked: "canary.blocked.3309@example.org",
  text: "CanaryText meet me at the old mill 4711",
  setting: "CanarySetting-webhook-secret-80053",
  keyName: "CanaryKeyName-laptop-in-the-attic",
  label: "CanaryBrowserLabel-Netscape-4",
  details: "CanaryAuditDetails-31337-reason",
};

/** A box that does everything once with the canaries, prints its secrets and is killed, or ends, as it is told. */
const script = `
const [home, ending, canariesText] = process.argv.slice(1);
const { openStorage } = await import("${appliance}/ops/storage/index.ts");
const { openVault } = await import("${appliance}/gateway/encryption/index.ts");
const { createAudit } = await import("${appliance}/gateway/audit/index.ts");
const { createRateLimiter } = await import("${appliance}/gateway/rate-limit/index.ts");
const { createGateway } = await import("${appliance}/gateway/access-control/index.ts");
const { createApiKeys } = await import("${appliance}/gateway/api-keys/index.ts");
const { createSignIn } = await import("${appliance}/gateway/sign-in/index.ts");
const { createSettings } = await import("${appliance}/gateway/settings/index.ts");
const { systemClock: clock } = await import("${appliance}/../shared/clock/index.ts");
const canary = JSON.parse(canariesText);
// Every log line goes to a file, as in the real box.
const log = (event, fields) => require("node:fs").appendFileSync(home + "/logs/hearth.log", JSON.stringify({ event, ...fields }) + "\\n");
const logger = { debug: log, info: log, warn: log, error: log, child: () => logger };
const storage = openStorage({ path: home + "/hearth.db" });
const vault = openVault({ home, storage });
const nowMs = Date.now;
const audit = createAudit({ storage, vault, nowMs });
const gateway = createGateway({ storage, vault, audit, limiter: createRateLimiter(clock), clock, logger });
const owner = gateway.people.ensureOwner();
const say = (address, policy, text) => {
  const sender = { channel: "xmpp", address, displayName: canary.displayName, isVerified: true };
  const admission = gateway.admit({ sender, policy, conversation: address, isGroup: false, text });
  log("message-judged", { reason: admission.reason, explanation: admission.explanation });
  return admission;
};
gateway.people.create({ name: canary.name, role: "member", identities: [{ channel: "xmpp", address: canary.address }] }, owner);
gateway.blocklist.block({ channel: "xmpp", address: canary.blocked }, owner);
say(canary.address, "closed", canary.text);
say(canary.stranger, "closed", canary.text);
say("guest" + canary.stranger, "anyone", canary.text);
const offered = say(canary.stranger, "pairing", canary.text);
const code = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(offered.reply)[0];
gateway.decisions.list(10);
createSettings({ storage, vault, nowMs }).set("webhook", { secret: canary.setting });
const keys = createApiKeys({ storage, vault, audit, clock, logger });
const key = keys.create({ name: canary.keyName, scopes: ["models"], personId: owner }, owner);
keys.verify(key.secret);
const signIn = createSignIn({ storage, vault, audit, clock, logger });
const link = signIn.createLink(owner, owner);
const session = signIn.useLink(link.token, canary.label);
audit.append({ actor: owner, action: "canary-sung", target: "", details: { reason: canary.details } });
await storage.groupCommit(() => undefined);
// A sort larger than the cache, which SQLite would spill to a temporary file.
storage.database.query("SELECT * FROM people a, people b, people c ORDER BY a.id || b.id || c.id").all();
require("node:fs").writeSync(1, JSON.stringify([key.secret, link.token, session.sessionToken, session.csrfToken, code]) + "\\n");
if (ending === "kill") process.kill(process.pid, "SIGKILL");
if (ending === "crash") vault.open("system", { table: "t", row: canary.text.slice(0, 0), column: "c" }, new Uint8Array(40));
gateway.close(); vault.close(); storage.close();
`;

for (const ending of ["end", "kill", "crash"]) {
  test(`no canary is in database, WAL, logs, temporary files or output after the box did "${ending}"`, async () => {
    using directory = temporaryDirectory();
    const folders = ["home", "temporary", "working"].map((name) => join(directory.path, name));
    const [home, temporary, working] = folders as [string, string, string];
    for (const folder of [...folders, join(home, "logs")]) mkdirSync(folder);
    const child = Bun.spawn([process.execPath, "-e", script, home, ending, JSON.stringify(canaries)], {
      cwd: working,
      env: { TMPDIR: temporary, SQLITE_TMPDIR: temporary, HOME: working },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    await child.exited;
    expect(output).toStartWith("[");
    const [secretsLine = "", ...otherOutput] = output.split("\n");
    const [code = "", ...secrets] = (JSON.parse(secretsLine) as string[]).toReversed();
    expect(secrets).toHaveLength(4);
    // Killed, the box leaves its WAL behind; crashed, it has said something.
    expect(readdirSync(home)).toContain(ending === "kill" ? "hearth.db-wal" : "hearth.db");
    if (ending === "crash") expect(errors).toContain("value-tampered");
    // What the process said at its end is judged like a file; the script itself is quoted in it and holds no canary.
    writeFileSync(join(working, "output.txt"), otherOutput.join("\n") + errors);
    expect(findPlaintext(folders, [...Object.values(canaries), ...secrets])).toEqual([]);
    // The pairing code is short: in base64 a few characters of it stand anywhere by chance.
    expect(findPlaintext(folders, [code]).filter((finding) => !finding.encoding.startsWith("base64"))).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  }, 20_000);
}

test("the search finds what it is there to find, in every encoding", () => {
  using directory = temporaryDirectory();
  const canary = canaries.displayName;
  const utf8 = Buffer.from(canary);
  const writings: Record<string, Buffer | string> = {
    "utf-8": canary,
    "utf-16le": Buffer.from(canary, "utf16le"),
    json: JSON.stringify({ canary }).replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`),
    hex: utf8.toString("hex"),
    HEX: utf8.toString("hex").toUpperCase(),
    "base64 at offset 0": Buffer.from(`${canary}!!`).toString("base64"),
    "base64 at offset 1": Buffer.from(`x${canary}!!`).toString("base64"),
    "base64 at offset 2": Buffer.from(`xx${canary}!!`).toString("base64"),
  };
  for (const [encoding, content] of Object.entries(writings)) {
    writeFileSync(
      join(directory.path, "file"),
      Buffer.concat([Buffer.from("before "), Buffer.from(content), Buffer.from(" after")]),
    );
    expect(findPlaintext([directory.path], [canary]).map((finding) => finding.encoding)).toContain(encoding);
  }
});

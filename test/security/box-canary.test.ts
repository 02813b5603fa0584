// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { findPlaintext } from "./find-plaintext.ts";

const main = resolve(import.meta.dir, "../../appliance/app/main.ts");

const canaries = {
  text: "CanaryQuestion which harbour does the ferry Zvonimira-7741 leave from",
  sender: "canary.sender.5518@example.org",
  conversation: "canary-conversation-90210-blue",
  secret: "CanaryWebhookSecret-31337-80053",
  knowledge: "The ferry Zvonimira-7741 leaves from the harbour CanaryHarbour-Quillfeather every morning",
  person: "CanaryPerson Ottokar Quillfeather",
  address: "canary.address.6023@example.org",
  keyName: "CanaryKeyName attic laptop",
};

/** Runs a command on the box to its end and returns what it printed as JSON. */
async function hearth(environment: Record<string, string>, ...words: readonly string[]): Promise<unknown> {
  const child = Bun.spawn([process.execPath, main, ...words, "--json"], {
    env: environment,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`hearth ${words.slice(0, 2).join(" ")}: ${errors}`);
  return JSON.parse(output);
}

async function waitFor<Value>(what: string, look: () => Value | undefined): Promise<Value> {
  for (let tries = 0; tries < 300; tries++) {
    const found = look();
    if (found !== undefined) return found;
    await Bun.sleep(100);
  }
  throw new Error(`waited in vain for ${what}`);
}

test("after a box learnt, was asked, answered and was killed, none of it can be read in anything it left", async () => {
  using directory = temporaryDirectory();
  const [home = "", temporary = "", working = "", outside = ""] = ["home", "temporary", "working", "outside"].map(
    (name) => join(directory.path, name),
  );
  for (const folder of [home, temporary, working, outside]) mkdirSync(folder);
  writeFileSync(join(outside, "ferries.md"), `# Ferries\n\n${canaries.knowledge}.\n`);
  const replies: string[] = [];
  using callback = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      replies.push(((await request.json()) as { text: string }).text);
      return new Response(null, { status: 204 });
    },
  });
  const environment = {
    HEARTH_HOME: home,
    HEARTH_LISTEN: "127.0.0.1:0",
    TMPDIR: temporary,
    SQLITE_TMPDIR: temporary,
    HOME: working,
    PATH: process.env.PATH ?? "",
  };
  const callbackUrl = `http://127.0.0.1:${callback.port}/canary-callback-path`;
  const channel = [
    "channel",
    "add",
    "webhook",
    "--name",
    "shop",
    "--secret",
    canaries.secret,
    "--callback",
    callbackUrl,
    "--anyone",
  ];
  await hearth(environment, ...channel);
  await hearth(environment, "knowledge", "add", join(outside, "ferries.md"));
  await hearth(environment, "person", "add", canaries.person, "--address", `shop=${canaries.address}`);
  const { key } = (await hearth(environment, "key", "create", "--name", canaries.keyName)) as { key: string };
  const outputFile = join(working, "output.txt");
  const box = Bun.spawn([process.execPath, main, "up"], {
    env: environment,
    cwd: working,
    stdout: Bun.file(outputFile),
    stderr: Bun.file(join(working, "errors.txt")),
  });
  try {
    const link = await waitFor("the box", () => /http:\S+\/sign-in#\S+/.exec(readFileSync(outputFile, "utf8"))?.[0]);
    const { origin, hash } = new URL(link);
    const say = async (id: string, from: string): Promise<number> => {
      const body = JSON.stringify({ id, from, text: canaries.text, conversation: canaries.conversation });
      const signature = createHmac("sha256", canaries.secret).update(body).digest("hex");
      const headers = { "content-type": "application/json", "x-hearth-signature": `sha256=${signature}` };
      return (await fetch(`${origin}/hooks/shop`, { method: "POST", headers, body })).status;
    };
    expect(await say("event-1", canaries.sender)).toBe(202);
    expect(await say("event-2", canaries.address)).toBe(202);
    await waitFor("two replies", () => (replies.length >= 2 ? true : undefined));
    // It did read and use the text: without that, finding nothing would prove nothing.
    expect(replies.join(" ")).toContain("Quillfeather");
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const messages = [{ role: "user", content: canaries.text }];
    const body = JSON.stringify({ model: "hearth", messages, user: canaries.conversation });
    expect((await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body })).status).toBe(200);
    // Decisions and logs are written a second later.
    await Bun.sleep(1500);
    process.kill(box.pid, "SIGKILL");
    await box.exited;
    // What `hearth up` shows its owner holds the link, and must; everything else is searched.
    writeFileSync(outputFile, readFileSync(outputFile, "utf8").replaceAll(link, ""));
    const searched = [
      ...Object.values(canaries),
      "CanaryHarbour-Quillfeather",
      "canary-callback-path",
      key,
      hash.slice(1),
      key.slice(3),
    ];
    const found = findPlaintext([home, temporary, working], searched);
    expect(
      found.map(
        (finding) => `${finding.canary} as ${finding.encoding} in ${finding.file.slice(directory.path.length)}`,
      ),
    ).toEqual([]);
  } finally {
    box.kill("SIGKILL");
    await box.exited;
  }
}, 90_000);

// SPDX-License-Identifier: AGPL-3.0-only
// Every command of the real binary, on a box that runs and on one that does not: the same documents, the same effects.
import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { createHearthHome, type HearthHome, hearthCommand, startAppliance } from "../harness/appliance-process.ts";

const listings = [
  ["status"],
  ["channel", "ls"],
  ["channel", "kinds"],
  ["person", "ls"],
  ["person", "pairing"],
  ["person", "decisions"],
  ["model", "ls"],
  ["knowledge", "ls"],
  ["key", "ls"],
  ["audit", "ls"],
  ["audit", "verify"],
  ["logs"],
  ["doctor"],
  ["self-check"],
];

/** Does what an owner does, with one command each, and undoes it; returns the names of the fields that each answered. */
async function useEverything(home: HearthHome): Promise<Record<string, string[]>> {
  const shapes: Record<string, string[]> = {};
  const run = async (words: string[], input?: string): Promise<Record<string, unknown>> => {
    const answer = await home.command<Record<string, unknown>>(words, input);
    shapes[words.slice(0, 2).join(" ")] = Object.keys(answer).sort();
    return answer;
  };
  for (const words of listings) await run(words);
  const person = await run(["person", "add", "Ann", "--role", "member", "--address", "xmpp=ann@example.org"]);
  await run(["person", "role", String(person.id), "guest"]);
  await run(["person", "block", String(person.id)]);
  await run(["person", "unblock", String(person.id)]);
  await run(["person", "rm", String(person.id)]);
  const key = await run(["key", "create", "--name", "laptop"]);
  expect(String(key.key)).toMatch(/^hk_[A-Za-z0-9_-]{43}$/);
  await run(["key", "rm", String(key.id)]);
  await run(
    ["channel", "add", "webhook", "--name", "shop", "--secret", "-", "--callback", "http://127.0.0.1:9/in", "--anyone"],
    "a-secret-of-some-length",
  );
  await run(["channel", "policy", "shop", "closed"]);
  await run(["channel", "pause", "shop"]);
  await run(["channel", "resume", "shop"]);
  await run(["channel", "rm", "shop"]);
  using documents = temporaryDirectory();
  const faq = join(documents.path, "faq.md");
  writeFileSync(faq, "## When are you open?\n\nWe are open from 9:15 to 17:45.\n");
  const added = await run(["knowledge", "add", faq]);
  const found = await run(["knowledge", "search", "when", "are", "you", "open"]);
  expect(JSON.stringify(found)).toContain("9:15");
  await run(["knowledge", "rm", (added.sources as { id: string }[])[0]?.id ?? ""]);
  await run(["model", "inspect", "guide"]);
  await run(["model", "use", "guide"]);
  await run(["open"]);
  return shapes;
}

test("each command does the same on a running and on a stopped box", async () => {
  using stopped = await createHearthHome();
  const whenStopped = await useEverything(stopped);
  using running = await createHearthHome();
  await using _appliance = await startAppliance(running);
  const whenRunning = await useEverything(running);
  // A box that does not run says why it is not ready; that is the one field more.
  const without = (shapes: Record<string, string[]>) => ({
    ...shapes,
    status: shapes.status?.filter((name) => name !== "problem"),
  });
  expect(without(whenRunning)).toEqual(without(whenStopped));
}, 180_000);

test("self-check prints its report and nothing else, and makes no data folder", async () => {
  using directory = temporaryDirectory();
  const temporary = join(directory.path, "temporary");
  mkdirSync(temporary);
  const run = Bun.spawn([...hearthCommand(), "self-check"], {
    cwd: directory.path,
    env: { HEARTH_HOME: join(directory.path, "home"), TMPDIR: temporary },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, error] = await Promise.all([new Response(run.stdout).text(), new Response(run.stderr).text()]);
  expect({ exitCode: await run.exited, error }).toEqual({ exitCode: 0, error: "" });
  expect(output).not.toContain("load_backend");
  expect(output.trim().split("\n")).toHaveLength(3);
  expect(readdirSync(directory.path)).toEqual(["temporary"]);
  expect(readdirSync(temporary)).toEqual([]);
}, 60_000);

test("commands that are wrong exit non-zero, say what is wrong, and change nothing", async () => {
  using home = await createHearthHome();
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [["channel", "add", "telepathy", "--name", "x"], /telepathy/],
    [
      ["channel", "add", "webhook", "--name", "UPPER", "--secret", "s", "--callback", "http://127.0.0.1:9/"],
      /UPPER|name/,
    ],
    [["channel", "add", "webhook", "--name", "x", "--secret", "s"], /callback/],
    [["channel", "rm", "nothing"], /nothing/],
    [["model", "use", "./no-such.gguf"], /no-such/],
    [["knowledge", "add", ""], /path is empty/],
    [["knowledge", "add", "/no/such/path"], /no\/such\/path|not/],
    [["knowledge", "add", "."], /is Hearth's data folder/],
    [["person", "rm", "per_none"], /nobody|per_none/],
    [["person", "approve", "ZZZZZZZZ"], /code/],
    [["key", "create", "--name", "x", "--scope", "everything"], /scope/],
    [["key", "rm", "key_none"], /key/],
    [["backup"], /unknown command/],
  ];
  for (const [words, pattern] of wrong) {
    const run = Bun.spawn([...hearthCommand(), ...words], {
      cwd: home.path,
      env: home.environment,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [output, error, exitCode] = await Promise.all([
      new Response(run.stdout).text(),
      new Response(run.stderr).text(),
      run.exited,
    ]);
    expect({ words, failed: exitCode !== 0, output }).toEqual({ words, failed: true, output: "" });
    expect(error).toMatch(pattern);
    expect(error).not.toMatch(/\n\s+at /);
  }
  const { channels } = await home.command<{ channels: { isBuiltIn: boolean }[] }>(["channel", "ls"]);
  expect(channels.filter((channel) => !channel.isBuiltIn)).toEqual([]);
}, 120_000);

test("several commands at once on a stopped box wait for each other", async () => {
  using home = await createHearthHome();
  await home.command(["status"]);
  const answers = await Promise.all(
    [
      ["person", "ls"],
      ["channel", "ls"],
      ["key", "ls"],
      ["model", "ls"],
    ].map((words) => home.command<object>(words)),
  );
  expect(answers.map((answer) => Object.keys(answer)[0])).toEqual(["people", "channels", "keys", "models"]);
}, 60_000);

test("doctor on a stopped box says that the chosen model is gone", async () => {
  using home = await createHearthHome({ HEARTH_MODEL: "/no/such/model.gguf" });
  const run = Bun.spawn([...hearthCommand(), "doctor", "--json"], {
    cwd: home.path,
    env: home.environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, exitCode] = await Promise.all([new Response(run.stdout).text(), run.exited]);
  const { checks } = JSON.parse(output) as { checks: { id: string; status: string }[] };
  expect(checks.find((check) => check.id === "model")?.status).toBe("fail");
  expect(exitCode).toBe(1);
}, 60_000);

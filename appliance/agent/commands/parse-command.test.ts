// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseCommand } from "./index.ts";

describe("the command grammar", () => {
  test.each([
    ["/help", { kind: "command", name: "help" }],
    ["  /HELP \n", { kind: "command", name: "help" }],
    ["／停止", { kind: "command", name: "stop" }],
    ["/stop@hearth_bot", { kind: "command", name: "stop" }],
    ["/lang zh", { kind: "command", name: "lang", language: "zh" }],
    ["/lang\u3000中文", { kind: "command", name: "lang", language: "zh" }],
    ["/lang auto", { kind: "command", name: "lang" }],
    ["/lang", { kind: "wrong-argument", name: "lang" }],
    ["/lang fr", { kind: "wrong-argument", name: "lang" }],
    ["/new please", { kind: "wrong-argument", name: "new" }],
    ["/halp", { kind: "unknown-command", word: "halp" }],
  ])("%p is read as a command", (text, expected) => {
    expect(parseCommand(text)).toEqual(expected as ReturnType<typeof parseCommand>);
  });

  test.each([
    "what does /help do?",
    "/usr/bin is full",
    "/etc/passwd",
    "/",
    "//help",
    "/help\n/stop",
    "/stop now or never",
    "help",
    "/frobnicate the widget",
    "/123",
  ])("%p is ordinary text, or at most a hint", (text) => {
    expect(["text", "wrong-argument"]).toContain(parseCommand(text).kind);
    expect(parseCommand(text)).not.toMatchObject({ kind: "command" });
  });

  test("no text makes it throw, and only a slash at the beginning makes a command", () => {
    const piece = fc.oneof(
      fc.constantFrom("/", "／", "help", "stop", "lang", "zh", "@", " ", "新对话", "\u0000"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        const parsed = parseCommand(text);
        if (!/^[/／]/u.test(text.trim())) expect(parsed).toEqual({ kind: "text" });
      }),
      { numRuns: 2000 },
    );
  });

  test("a long hostile text costs no time", () => {
    const text = `/${"a".repeat(32_000)} ${" ".repeat(700)}b`;
    const startMs = performance.now();
    for (let round = 0; round < 100; round++) parseCommand(text);
    // Trying every split of the text would take minutes; the rest is room for a busy machine.
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});

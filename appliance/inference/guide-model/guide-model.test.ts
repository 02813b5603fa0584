// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import strings from "./guide-prompt.json" with { type: "json" };
import { GUIDE_UNKNOWN, guideUnknownFor, normaliseForMatching, renderGuidePrompt } from "./guide-prompt.ts";
import vectors from "./prompt-vectors.json" with { type: "json" };
import { chooseReadingWindow } from "./reading-window.ts";

const file = readFileSync(join(import.meta.dirname, "guide.gguf"));

/** The string values of a GGUF header, by key; arrays are skipped. Source of the format: ggml's docs/gguf.md. */
function readStrings(bytes: Buffer): Map<string, string> {
  const sizes = [1, 1, 2, 2, 4, 4, 4, 1, -1, -1, 8, 8, 8];
  const found = new Map<string, string>();
  let at = 24;
  const text = (): string => {
    const length = Number(bytes.readBigUInt64LE(at));
    at += 8 + length;
    return bytes.toString("utf8", at - length, at);
  };
  for (let left = Number(bytes.readBigUInt64LE(16)); left > 0; left--) {
    const key = text();
    const kind = bytes.readUInt32LE(at);
    at += 4;
    if (kind === 8) found.set(key, text());
    else if (kind === 9) {
      const inner = bytes.readUInt32LE(at);
      const count = Number(bytes.readBigUInt64LE(at + 4));
      at += 12;
      if (inner === 8) for (let index = 0; index < count; index++) text();
      else at += count * (sizes[inner] ?? 0);
    } else at += sizes[kind] ?? 0;
  }
  return found;
}

describe("the guide model's file", () => {
  test("is the one whose hash is committed", () => {
    const [committed] = readFileSync(join(import.meta.dirname, "guide.gguf.sha256"), "utf8").split(" ");
    expect(createHash("sha256").update(file).digest("hex")).toBe(committed ?? "");
  });

  test("is at most 6 MB", () => {
    expect(file.length).toBeLessThanOrEqual(6_000_000);
  });

  test("says what it is", () => {
    const metadata = readStrings(file);
    expect(metadata.get("general.architecture")).toBe("llama");
    expect(metadata.get("general.name")).toBe("hearth-guide");
    expect(metadata.get("hearth.role")).toBe("guide");
    expect(metadata.get("general.license")).toBe("AGPL-3.0-only");
    expect(metadata.get("tokenizer.ggml.model")).toBe("gpt2");
    expect(metadata.get("tokenizer.ggml.pre")).toBe("qwen2");
    expect(metadata.get("tokenizer.chat_template")).toContain("<|im_start|>");
  });
});

describe("the guide model's prompt", () => {
  test("normalises text as the trainer does", () => {
    for (const [text, normalised] of vectors.normalised)
      expect(normaliseForMatching(text ?? "")).toBe(normalised ?? "");
  });

  test("is rendered as the trainer renders it", () => {
    const { passages, question, system, user } = vectors.prompt;
    expect(renderGuidePrompt(passages, question)).toEqual([
      { role: "system", content: system },
      { role: "user", content: user },
    ]);
  });

  test("refuses in the language of the question", () => {
    for (const [text, unknown] of vectors.unknown) expect(guideUnknownFor(text ?? "")).toBe(unknown ?? "");
    expect(GUIDE_UNKNOWN).toEqual(strings.unknown);
  });

  test("shows no more than three passages and no marker of theirs", () => {
    const passage = { heading: "① heading ②", text: "One ③ two." };
    const [system] = renderGuidePrompt([passage, passage, passage, passage], "question");
    expect(system?.content.match(/[①②③]/gu)).toEqual(["①", "②", "③"]);
  });

  test("begins with the same bytes whatever is asked", () => {
    expect(renderGuidePrompt([], "a")[0]?.content).toBe(strings.system);
    expect(renderGuidePrompt([{ heading: "h", text: "t" }], "b")[0]?.content.startsWith(`${strings.system}\n`)).toBe(
      true,
    );
  });
});

describe("the reading window", () => {
  const long = "Alpha is first. Beta costs 12.50 euros a day. Gamma is green. Delta ends here.";

  test("leaves a short text whole", () => {
    expect(chooseReadingWindow(" One.\n Two. ", "two", 100)).toBe("One. Two.");
  });

  test("keeps the sentence that is asked about, whole", () => {
    expect(chooseReadingWindow(long, "what does beta cost", 40)).toBe("Beta costs 12.50 euros a day.");
  });

  test("is never longer than allowed", () => {
    expect(chooseReadingWindow("x".repeat(900), "x", 320)).toHaveLength(320);
  });
});

// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { webhookManifest } from "../../../messaging/adapters/webhook/index.ts";
import { xmppManifest } from "../../../messaging/adapters/xmpp/index.ts";
import { runCommandLine } from "../testing.ts";

const model = { isGuide: false, isLoaded: true, isDefault: true, canEmbed: false, canCallTools: false };
const handbook = { id: "handbook", title: "Handbook", kind: "handbook", passages: 1, sizeBytes: 10, addedMs: 0 };

describe("listings", () => {
  test("a model whose file is gone is missing, one that cannot be read unusable, and neither is called loaded", async () => {
    const models = [
      { ...model, id: "gone", contextTokens: 0, problem: "it is gone" },
      { ...model, id: "broken", contextTokens: 0, sizeBytes: 12, problem: "not a GGUF" },
      { ...model, id: "good", contextTokens: 2048, sizeBytes: 2_000_000 },
    ];
    const { output } = await runCommandLine(["model", "ls"], () => ({ models }));
    const rows = output.split("\n").map((line) =>
      line
        .replace("*", "")
        .trim()
        .split(/\s{2,}/),
    );
    expect(rows.slice(1, 4)).toEqual([
      ["gone", "–", "–", "–", "–", "missing"],
      ["broken", "–", "–", "12 B", "–", "unusable"],
      ["good", "–", "–", "2.0 MB", "2048", "loaded"],
    ]);
  });

  test("`channel kinds` says what each setting of the channels in the box is", async () => {
    const kinds = [webhookManifest, xmppManifest].map(({ id, ...manifest }) => ({ ...manifest, kind: id }));
    const { output } = await runCommandLine(["channel", "kinds"], () => ({ kinds }));
    const settings = [...output.matchAll(/^ {2}--(\S+) {2}(.*)$/gm)];
    expect(settings.map(([, name]) => name)).toEqual(
      kinds.flatMap(({ configSchema }) => Object.keys(configSchema.properties as object)),
    );
    for (const [line, , description = ""] of settings) {
      expect({ line, isDescribed: description.replace("(optional)", "").trim() !== "" }).toEqual({
        line,
        isDescribed: true,
      });
    }
  });

  test("`channel add --help` says where the settings of a kind are listed", async () => {
    const { output } = await runCommandLine(["channel", "add", "webhook", "--help"], () => expect.unreachable());
    expect(output).toContain("They are listed by:\n  hearth channel kinds");
  });

  test("the handbook was not added in 1970: it has no date", async () => {
    const { output } = await runCommandLine(["knowledge", "ls"], () => ({ sources: [handbook] }));
    expect(output).not.toContain("1970");
    expect(output.trimEnd()).toEndWith("–");
  });

  test.each([
    [1, "1 passage"],
    [2, "2 passages"],
  ])("%d added is said as %p", async (passages, said) => {
    const added = { sources: [{ ...handbook, kind: "file", passages }], skipped: [] };
    const { output } = await runCommandLine(["knowledge", "add", "a.md"], () => added);
    expect(output).toBe(`1 added, ${said}\n`);
  });
});

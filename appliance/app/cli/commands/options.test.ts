// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { runCommandLine } from "../testing.ts";

describe("values of options", () => {
  test.each([
    "audit ls --before abc",
    "audit ls --before 0",
    "audit ls --limit 501",
    "audit ls --limit 1e3",
    "logs --limit -1",
    "person decisions --limit many",
    "knowledge search port --limit 51",
    "key create --name x --days 1.5",
    "key create --name x --days soon",
    "doctor --lang xx",
  ])("%p is refused before anything is asked of the box, with the option and its value", async (line) => {
    const words = line.split(" ");
    const result = await runCommandLine(words, () => expect.unreachable());
    const [option, value] = words.slice(-2);
    expect(result).toMatchObject({ exitCode: 1, output: "", calls: [] });
    expect(result.error).toContain(`${option} is "${value}"`);
    expect(result.error).not.toMatch(/\n\s+at /);
  });

  test("`audit ls --before` asks for the entries that are older", async () => {
    const { calls, exitCode } = await runCommandLine("audit ls --before 5 --limit 2".split(" "), () => ({
      entries: [],
      next: null,
    }));
    expect({ exitCode, path: calls[0]?.path }).toEqual({ exitCode: 0, path: "/api/audit?limit=2&after=5" });
  });

  test("`doctor --lang zh` answers in Chinese", async () => {
    const checks = [{ status: "ok", what: { en: "disk", zh: "磁盘" } }];
    const { output } = await runCommandLine(["doctor", "--lang", "zh"], () => ({ status: "ok", checks }));
    expect(output).toBe("✓ 磁盘\n");
  });
});

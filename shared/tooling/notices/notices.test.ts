// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isLicenceAllowed } from "./is-licence-allowed.ts";
import { renderNotices } from "./render-notices.ts";

const root = join(import.meta.dir, "../../..");

describe("licences of what is bundled", () => {
  test.each(["MIT", "(MIT OR GPL-3.0-only)", "Apache-2.0", "MIT AND BSD-3-Clause", "(MIT AND (ISC OR GPL-2.0))"])(
    "%s may be shipped",
    (expression) => expect(isLicenceAllowed(expression)).toBe(true),
  );

  test.each(["GPL-3.0-only", "AGPL-3.0", "MIT AND GPL-2.0", "LGPL-3.0", "not declared", "", "SEE LICENSE IN x"])(
    "%s may not",
    (expression) => expect(isLicenceAllowed(expression)).toBe(false),
  );

  test("are printed in full, after a list", () => {
    const text = renderNotices([
      { name: "a", version: "1.0.0", licence: "MIT", source: "https://a", text: "Words \r\n" },
    ]);
    expect(text).toContain("- a 1.0.0: MIT\n");
    expect(text).toEndWith("https://a\nLicence: MIT\n\nWords\n");
  });
});

describe("our own licence", () => {
  test("is the text of the GNU AGPL, version 3, unchanged", () => {
    // Of https://www.gnu.org/licenses/agpl-3.0.txt; many distributions check their copies against the same sum.
    const md5 = createHash("md5")
      .update(readFileSync(join(root, "LICENSE")))
      .digest("hex");
    expect(md5).toBe("eb1e647870add0502f8f010b19de32af");
  });
});

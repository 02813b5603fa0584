// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { GUIDE_UNKNOWN } from "../guide-prompt.ts";
import { grade, isReadFrom } from "./grade.ts";

const shop = { heading: "Where is the shop?", text: "It is at 27 Lindenweg. Ring twice." };
const hours = { heading: "几点开门？", text: "早上 9:30 开门。周日休息。" };

describe("an answer", () => {
  test("is right when it is the passage or whole sentences of it", () => {
    expect(grade(shop.text, [shop], [shop, hours])).toBe("right");
    expect(grade("Ring twice.", [shop], [shop, hours])).toBe("right");
    expect(grade("早上 9:30 开门。", [hours], [shop, hours])).toBe("right");
  });

  test("is garbled when a word differs, is left out or is cut", () => {
    expect(grade("It is at 28 Lindenweg. Ring twice.", [shop], [shop])).toBe("garbled");
    expect(isReadFrom("at 27 Lindenweg.", shop.text)).toBe(false);
    expect(isReadFrom("It is at 27", shop.text)).toBe(false);
    expect(isReadFrom("", shop.text)).toBe(false);
  });

  test("is a wrong passage or unknown otherwise", () => {
    expect(grade(hours.text, [shop], [shop, hours])).toBe("wrong-passage");
    expect(grade(GUIDE_UNKNOWN.zh, [shop], [shop])).toBe("unknown");
  });
});

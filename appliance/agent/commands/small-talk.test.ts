// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { smallTalkReply } from "./index.ts";

describe("small talk of the guide", () => {
  test.each(["Hi!", "Hello, Hearth", "good morning…", "你好！", "您好呀，早上好".slice(0, 2), "在吗？"])(
    "%p is greeted back with what it is",
    (text) => {
      expect(smallTalkReply(text, "en")).toContain("Hearth's guide");
      expect(smallTalkReply(text, "zh")).toContain("向导");
    },
  );

  test("a question that begins with a greeting is not small talk", () => {
    expect(smallTalkReply("hello, which port does it use?", "en")).toBeUndefined();
    expect(smallTalkReply("你好，端口是多少", "zh")).toBeUndefined();
  });

  test("who are you is answered without pretending to be more", () => {
    expect(smallTalkReply("who are you?", "en")).toContain("very small language model");
    expect(smallTalkReply("What's your name?", "en")).toBeDefined();
  });
});

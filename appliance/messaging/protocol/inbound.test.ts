// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { inboundEventSchema } from "./index.ts";

test("half a surrogate pair in a text becomes U+FFFD before anything else sees it, whole pairs stay", () => {
  const event = inboundEventSchema.parse({
    eventId: "e1",
    lane: "room",
    conversation: "room",
    isGroup: false,
    sender: { address: "ada", isVerified: true },
    kind: "message",
    text: "a\ud800b \udfffc 😀",
    sentMs: 0,
  });
  expect(event.text).toBe("a\ufffdb \ufffdc 😀");
});

// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { xml } from "@xmpp/client";
import { createSendFates } from "./send-fates.ts";

const message = (id: string) => xml("message", { id });
const { signal } = new AbortController();

test("who waits for a send hears what stream management says, and it is remembered for who asks later", async () => {
  const fates = createSendFates();
  const fate = fates.begin("c1", signal);
  fates.note(message("c1"), "delivered");
  expect(await fate).toBe("delivered");
  fates.leave("c1");
  expect(fates.of("c1")).toBe("delivered");
  expect(fates.waiting).toBe(0);
});

test("a send that is given up is still waiting, and its fate may come later", async () => {
  const fates = createSendFates();
  const stop = new AbortController();
  const fate = fates.begin("c1", stop.signal);
  stop.abort();
  expect(await fate).toBe("waiting");
  fates.leave("c1");
  fates.note(message("c1"), "lost");
  expect(fates.of("c1")).toBe("lost");
});

test("stanzas that are no sends of ours are not remembered, and old sends are forgotten", () => {
  const fates = createSendFates(2);
  fates.note(message("unknown"), "delivered");
  fates.note(xml("presence"), "delivered");
  expect(fates.of("unknown")).toBeUndefined();
  for (const id of ["c1", "c2", "c3"]) void fates.begin(id, signal);
  expect(["c1", "c2", "c3"].map((id) => fates.of(id))).toEqual([undefined, "waiting", "waiting"]);
});

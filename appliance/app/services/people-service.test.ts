// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { codeIn, openTestGateway } from "../../gateway/access-control/testing.ts";
import { createPairingService } from "./people-service.ts";

test("a stranger is turned away by the id in the list; blocked, they get no other code", () => {
  using box = openTestGateway();
  const pairing = createPairingService(box.gateway);
  const askAndDeny = (isBlocked: boolean): void => {
    box.say("eve", "pairing");
    const id = box.gateway.pairing.list()[0]?.id ?? "nobody waits";
    pairing.deny({ id, isBlocked }, "per_owner");
  };
  askAndDeny(false);
  expect(box.say("eve", "pairing").reason).toBe("pairing-offered");
  askAndDeny(true);
  expect(box.say("eve", "pairing").reason).toBe("blocked");
  expect(() => pairing.deny({ id: "pair_gone", isBlocked: false }, "per_owner")).toThrow("nobody waits");
});

test("a code approved for somebody known is one more address of theirs", async () => {
  using box = openTestGateway();
  const owner = box.gateway.people.ensureOwner();
  const code = codeIn(box.say("my-phone", "pairing"));
  const person = await createPairingService(box.gateway).approve({ code, role: "member", personId: owner }, owner);
  expect(person).toMatchObject({ id: owner, role: "owner", identities: [{ address: "my-phone" }] });
  expect(box.gateway.people.list()).toHaveLength(1);
});

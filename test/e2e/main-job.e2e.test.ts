// SPDX-License-Identifier: AGPL-3.0-only
// The product's main job on real input: the binary, from an empty folder and with no environment but where its data
// goes, connected to a real Prosody, answers an XMPP user's question out of the handbook, in both languages.
import { expect, test } from "bun:test";
import { xmppFaultChannel } from "../faults/channels/xmpp-channel.ts";
import { createHearthHome, eventually, hearthCommand, startAppliance } from "../harness/appliance-process.ts";

test.skipIf(xmppFaultChannel.missing !== undefined)(
  "an XMPP user asks and the compiled binary answers with the built-in guide model",
  async () => {
    expect(hearthCommand()).toHaveLength(1);
    using home = await createHearthHome();
    await using prepared = await xmppFaultChannel.prepare(home);
    await using appliance = await startAppliance(home);
    await using person = await prepared.connect(appliance);
    person.say("m1", "Which port does Hearth use?");
    await eventually(() => person.repliesTo("m1").length > 0, "an answer in English", 30_000);
    expect(person.repliesTo("m1").join()).toContain("7411");
    person.say("m2", "Hearth 用哪个端口？");
    await eventually(() => person.repliesTo("m2").length > 0, "an answer in Chinese", 30_000);
    expect(person.repliesTo("m2").join()).toMatch(/7411[\s\S]*\p{Script=Han}|\p{Script=Han}[\s\S]*7411/u);
    person.say("m3", "What is the capital of France?");
    await eventually(() => person.repliesTo("m3").length > 0, "an honest answer off the subject", 30_000);
    expect(person.repliesTo("m3").join()).toContain("I don't know");
  },
  120_000,
);

// SPDX-License-Identifier: AGPL-3.0-only
import { expect, setDefaultTimeout, test } from "bun:test";
import { xml } from "@xmpp/client";
import { xmppModule } from "../../appliance/messaging/adapters/xmpp/index.ts";
import {
  type ChannelBench,
  type ChannelBenchOptions,
  createChannelBench,
} from "../fixtures/messaging/channel-bench.ts";
import { eventually } from "../fixtures/messaging/message-bench.ts";
import { hasProsody, type Prosody, startProsody } from "../fixtures/prosody/start-prosody.ts";
import { startTcpProxy } from "../fixtures/prosody/tcp-proxy.ts";
import { connectFriend } from "../fixtures/prosody/xmpp-friend.ts";

// Real time, a real server, and maybe a busy machine.
setDefaultTimeout(90_000);

const accounts = { box: "box secret", ada: "ada secret" };

async function boxOn(
  prosody: Prosody,
  config: Record<string, unknown> = {},
  options: Partial<ChannelBenchOptions> = {},
): Promise<ChannelBench> {
  const bench = createChannelBench({ modules: [xmppModule], ...options });
  await bench.channels.add({
    kind: "xmpp",
    name: "xmpp",
    policy: "anyone",
    config: {
      jid: "box@localhost",
      password: accounts.box,
      host: "127.0.0.1",
      port: prosody.port,
      tls: "none",
      keepAliveSeconds: 1,
      ...config,
    },
  });
  await bench.start();
  await bench.untilConnected("xmpp");
  return bench;
}

const origin = (id: string) => xml("origin-id", { xmlns: "urn:xmpp:sid:0", id });

test.skipIf(!hasProsody)(
  "a message through a real Prosody is answered, with typing, and a receipt both ways",
  async () => {
    await using prosody = await startProsody({ accounts });
    await using bench = await boxOn(prosody);
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    await ada.say("你好, box", { id: "m1" }, xml("request", { xmlns: "urn:xmpp:receipts" }));
    await ada.untilSaid(1);
    expect(ada.bodies()).toEqual(["You said: 你好, box"]);
    const reply = ada.received.find((stanza) => stanza.getChildText("body") !== null);
    expect(reply?.getChild("origin-id", "urn:xmpp:sid:0")?.attrs.id).toBe(reply?.attrs.id ?? "none");
    await eventually(
      () => ada.received.some((stanza) => stanza.getChild("received")?.attrs.id === "m1"),
      "the receipt",
    );
    expect(ada.received.some((stanza) => stanza.getChild("composing") !== undefined)).toBe(true);
    await ada.say("", {}, xml("received", { xmlns: "urn:xmpp:receipts", id: reply?.attrs.id ?? "" }));
    await eventually(
      () =>
        bench.data.storage.database.query("SELECT receipt FROM outbox WHERE receipt = 'delivered'").all().length === 1,
      "the receipt of the reply",
    );
    await eventually(() => bench.outbox().accepted === 1, "the server's acknowledgement");
  },
);

test.skipIf(!hasProsody)(
  "the same stanza three times is answered once, also after a restart of the channel",
  async () => {
    await using prosody = await startProsody({ accounts });
    await using bench = await boxOn(prosody);
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    for (let count = 0; count < 3; count += 1) await ada.say("once", { id: "m1" }, origin("m1"));
    await ada.untilSaid(1);
    await bench.channels.restart("xmpp");
    await bench.untilConnected("xmpp");
    await ada.say("once", { id: "m1" }, origin("m1"));
    await ada.say("again", { id: "m2" }, origin("m2"));
    await ada.untilSaid(2);
    expect(ada.bodies()).toEqual(["You said: once", "You said: again"]);
  },
);

test.skipIf(!hasProsody)("messages of one person are answered in their order, and none is left out", async () => {
  await using prosody = await startProsody({ accounts });
  await using _bench = await boxOn(prosody);
  await using ada = await connectFriend(prosody, "ada", accounts.ada);
  const texts = Array.from({ length: 30 }, (_, index) => `number ${index}`);
  for (const text of texts) await ada.say(text);
  await ada.untilSaid(texts.length);
  expect(ada.bodies()).toEqual(texts.map((text) => `You said: ${text}`));
});

test.skipIf(!hasProsody)("a stanza is acknowledged after its commit and not before", async () => {
  await using prosody = await startProsody({ accounts });
  await using proxy = await startTcpProxy(prosody.port);
  const order: string[] = [];
  await using bench = await boxOn(
    prosody,
    { port: proxy.port, keepAliveSeconds: 60 },
    { reached: (step) => order.push(step) },
  );
  await using ada = await connectFriend(prosody, "ada", accounts.ada);
  const acknowledged = () => [...proxy.sent().matchAll(/<a [^>]*h="(\d+)"/g)].map((match) => Number(match[1]));
  const held = Promise.withResolvers<void>();
  const commit = bench.data.storage.groupCommit;
  Object.assign(bench.data.storage, {
    groupCommit: async (work: () => unknown) => {
      await held.promise;
      return commit(work);
    },
  });
  await ada.say("hello", { id: "m1" });
  await eventually(() => order.includes("02-admit-begun"), "the message");
  await Bun.sleep(300);
  const before = acknowledged().at(-1) ?? 0;
  held.resolve();
  await ada.untilSaid(1);
  await eventually(() => (acknowledged().at(-1) ?? 0) > before, "the acknowledgement");
  expect(order.indexOf("04-upstream-acknowledged")).toBeGreaterThan(order.indexOf("03-inbox-committed"));
});

test.skipIf(!hasProsody)(
  "a message whose commit fails is not acknowledged: it comes again and is answered once",
  async () => {
    await using prosody = await startProsody({ accounts });
    await using bench = await boxOn(prosody);
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    const commit = bench.data.storage.groupCommit;
    let failures = 0;
    Object.assign(bench.data.storage, {
      groupCommit: (work: () => unknown) => {
        if (failures >= 2) return commit(work);
        failures += 1;
        return Promise.reject(new Error("disk full"));
      },
    });
    await ada.say("hello", { id: "m1" });
    await ada.untilSaid(1, 20_000);
    expect(ada.bodies()).toEqual(["You said: hello"]);
    expect(failures).toBe(2);
  },
);

test.skipIf(!hasProsody)("a cut connection is resumed: nothing said meanwhile is lost or answered twice", async () => {
  await using prosody = await startProsody({ accounts });
  await using proxy = await startTcpProxy(prosody.port);
  await using bench = await boxOn(prosody, { port: proxy.port });
  await using ada = await connectFriend(prosody, "ada", accounts.ada);
  for (let round = 0; round < 3; round += 1) {
    await ada.say(`before ${round}`);
    proxy.cut();
    await ada.say(`during ${round}`);
    await ada.untilSaid(2 * round + 2, 20_000);
  }
  expect(ada.bodies()).toEqual(
    [0, 1, 2].flatMap((round) => [`You said: before ${round}`, `You said: during ${round}`]),
  );
  await eventually(() => bench.outbox().accepted === 6, "all sends settled", 20_000);
});

test.skipIf(!hasProsody)(
  "Prosody killed and started again: what was sent before and after is answered once",
  async () => {
    await using prosody = await startProsody({ accounts });
    await using bench = await boxOn(prosody);
    {
      await using ada = await connectFriend(prosody, "ada", accounts.ada);
      await ada.say("first");
      await ada.untilSaid(1);
      await eventually(() => bench.outbox().accepted === 1, "the first reply's record");
      await prosody.kill();
    }
    await bench.untilConnected("xmpp", "offline");
    await prosody.start();
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    await ada.say("second");
    await ada.untilSaid(1, 20_000);
    expect(ada.bodies()).toEqual(["You said: second"]);
    expect(bench.agent.asked.map(({ text }) => text)).toEqual(["first", "second"]);
  },
);

test.skipIf(!hasProsody)(
  "what is said while the box is away is answered when it comes back, and the past is not",
  async () => {
    await using prosody = await startProsody({ accounts });
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    await using bench = await boxOn(prosody);
    await ada.say("while you are here");
    await ada.untilSaid(1);
    await bench.stop();
    await ada.say("are you there?", { id: "m1" });
    await ada.say("hello?", { id: "m2" });
    await Bun.sleep(200);
    await bench.restart();
    await ada.untilSaid(3, 20_000);
    await Bun.sleep(300);
    expect(ada.bodies()).toEqual(["You said: while you are here", "You said: are you there?", "You said: hello?"]);
  },
);

test.skipIf(!hasProsody)(
  "a frozen server is found out within two checks, and the box comes back when it does",
  async () => {
    await using prosody = await startProsody({ accounts });
    await using bench = await boxOn(prosody, { keepAliveSeconds: 0.5 });
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    await ada.say("one");
    await ada.untilSaid(1);
    prosody.freeze();
    const startMs = performance.now();
    await eventually(() => bench.channels.find("xmpp").connection.status !== "online", "the finding", 20_000);
    expect(performance.now() - startMs).toBeLessThan(15_000);
    prosody.thaw();
    await bench.untilConnected("xmpp", "online", 40_000);
    await ada.say("two");
    await ada.untilSaid(2, 20_000);
    expect(ada.bodies()).toEqual(["You said: one", "You said: two"]);
  },
);

test.skipIf(!hasProsody)(
  "a server that took the reply but could not say so is asked: the reply is not sent twice",
  async () => {
    await using prosody = await startProsody({ accounts, hibernationSeconds: 1 });
    await using proxy = await startTcpProxy(prosody.port);
    await using bench = await boxOn(
      prosody,
      { port: proxy.port, keepAliveSeconds: 60 },
      { routerOptions: { sendTimeoutMs: 1_000 } },
    );
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    const commit = bench.data.storage.groupCommit;
    Object.assign(bench.data.storage, {
      groupCommit: async (work: () => unknown) => {
        const result = await commit(work);
        // From the moment that the reply is marked as being sent, the box hears nothing any more.
        if ((bench.outbox().sending ?? 0) > 0) proxy.deafen();
        return result;
      },
    });
    await ada.say("hello", { id: "m1" });
    await ada.untilSaid(1);
    await eventually(() => bench.outbox().unknown === 1, "the doubt", 10_000);
    Object.assign(bench.data.storage, { groupCommit: commit });
    proxy.release();
    proxy.cut();
    await eventually(() => bench.outbox().accepted === 1, "the answer of the archive", 40_000);
    await Bun.sleep(300);
    expect(ada.bodies()).toEqual(["You said: hello"]);
  },
);

test.skipIf(!hasProsody)("without stream management and archive it works all the same", async () => {
  await using prosody = await startProsody({ accounts, without: ["smacks", "mam"] });
  await using bench = await boxOn(prosody);
  await using ada = await connectFriend(prosody, "ada", accounts.ada);
  await ada.say("hello");
  await ada.untilSaid(1);
  await eventually(() => bench.outbox().accepted === 1, "the record");
});

test.skipIf(!hasProsody)("a wrong password is said plainly and not tried again at once", async () => {
  await using prosody = await startProsody({ accounts });
  await using proxy = await startTcpProxy(prosody.port);
  await using bench = createChannelBench({ modules: [xmppModule] });
  const config = { jid: "box@localhost", password: "wrong", host: "127.0.0.1", port: proxy.port, tls: "none" };
  await bench.channels.add({ kind: "xmpp", name: "xmpp", policy: "anyone", config });
  await bench.start();
  await bench.untilConnected("xmpp", "logged-out");
  expect(bench.channels.find("xmpp").connection.code).toBe("not-authorized");
  await Bun.sleep(1_500);
  expect(proxy.connections).toBe(1);
});

test.skipIf(!hasProsody)(
  "TLS is demanded: with the right authority it works, with another or without any it does not",
  async () => {
    await using prosody = await startProsody({ accounts, hasTls: true });
    await using other = await startProsody({ accounts, hasTls: true });
    await using plain = await startProsody({ accounts });
    const codeOf = async (server: Prosody, caCertificate: string | null) => {
      await using bench = createChannelBench({ modules: [xmppModule] });
      const trust = caCertificate === null ? {} : { caCertificate };
      const config = { jid: "box@localhost", password: accounts.box, host: "127.0.0.1", port: server.port, ...trust };
      await bench.channels.add({ kind: "xmpp", name: "xmpp", policy: "anyone", config });
      await bench.start();
      const isDecided = () => !["connecting"].includes(bench.channels.find("xmpp").connection.status);
      await eventually(isDecided, "a decision", 15_000);
      const { status, code } = bench.channels.find("xmpp").connection;
      return status === "online" ? status : code;
    };
    expect(await codeOf(prosody, prosody.caCertificate)).toBe("online");
    expect(await codeOf(prosody, other.caCertificate)).not.toBe("online");
    expect(await codeOf(prosody, null)).not.toBe("online");
    expect(await codeOf(plain, prosody.caCertificate)).toBe("starttls-missing");
  },
);

test.skipIf(!hasProsody)(
  "in a room the box answers when its name is said, to everybody, and not to itself",
  async () => {
    await using prosody = await startProsody({ accounts });
    await using _bench = await boxOn(prosody, { rooms: [{ room: "lab@rooms.localhost", nick: "Hearth" }] });
    await using ada = await connectFriend(prosody, "ada", accounts.ada);
    const inRoom = { to: "lab@rooms.localhost", type: "groupchat" };
    await ada.entity.send(
      xml("presence", { to: "lab@rooms.localhost/ada" }, xml("x", { xmlns: "http://jabber.org/protocol/muc" })),
    );
    await eventually(() => ada.received.some(({ attrs }) => attrs.from === "lab@rooms.localhost/ada"), "the room");
    await ada.say("nobody in particular", inRoom);
    await ada.say("Hearth: what is up?", inRoom);
    const said = () => ada.bodies().filter((body) => body.startsWith("ada: "));
    await eventually(() => said().length === 1, "the answer in the room");
    expect(said()).toEqual(["ada: You said: what is up?"]);
  },
);

test.skipIf(!hasProsody)("who is not known does not learn whether the box is there", async () => {
  await using prosody = await startProsody({ accounts });
  await using _bench = await boxOn(prosody);
  await using ada = await connectFriend(prosody, "ada", accounts.ada);
  await ada.entity.send(xml("presence", { to: "box@localhost", type: "subscribe" }));
  await ada.say("hello");
  await ada.untilSaid(1);
  expect(ada.received.some(({ name, attrs }) => name === "presence" && attrs.type === "subscribed")).toBe(false);
});

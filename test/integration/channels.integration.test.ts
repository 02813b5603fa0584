// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { webhookModule } from "../../appliance/messaging/adapters/webhook/index.ts";
import { createChannelManager, createChannelStore } from "../../appliance/messaging/channels/index.ts";
import type { AdapterHost, AdapterModule } from "../../appliance/messaging/protocol/index.ts";
import { systemClock } from "../../shared/clock/index.ts";
import { silentLogger } from "../../shared/logging/index.ts";
import { createChannelBench } from "../fixtures/messaging/channel-bench.ts";
import { capabilities, createFakeAdapter, type FakeServer } from "../fixtures/messaging/fake-adapter.ts";
import { eventually, inboundEvent } from "../fixtures/messaging/message-bench.ts";

/** A kind of channel whose adapter does what the test says. */
function fakeModule(server: FakeServer, onConnect: (host: AdapterHost) => void): AdapterModule {
  return {
    manifest: {
      ...webhookModule.manifest,
      id: "fake",
      capabilities: capabilities(),
      configSchema: { type: "object", properties: { level: { type: "integer" } }, additionalProperties: false },
    },
    create: (host) => ({ ...createFakeAdapter(server), connect: async () => onConnect(host) }),
  };
}

const fake = { kind: "fake", name: "fake", policy: "anyone", config: {} } as const;

test("an adapter that throws is loaded anew after a while; until then its error is shown and its replies wait", async () => {
  const server: FakeServer = { arrived: [] };
  let lives = 0;
  const module = fakeModule(server, (host) => {
    lives += 1;
    if (lives === 1) throw new Error("first life");
    host.state({ status: "online" });
  });
  await using bench = createChannelBench({ modules: [module] });
  await bench.channels.add(fake);
  await bench.start();
  await eventually(() => bench.channels.find("fake").connection.code === "adapter-failed", "the error");
  await bench.router.admit("fake", inboundEvent("a1"));
  await eventually(() => bench.channels.find("fake").pending === 1, "the waiting reply");
  expect(bench.channels.health()).toMatchObject({ status: "degraded" });
  await bench.untilConnected("fake");
  await eventually(() => server.arrived.length === 1, "the reply");
  expect(lives).toBe(2);
});

test("protocol state and events are committed together, sealed, and belong to one channel", async () => {
  const hosts: AdapterHost[] = [];
  const module = fakeModule({ arrived: [] }, (host) => {
    hosts.push(host);
    host.state({ status: "online" });
  });
  await using bench = createChannelBench({ modules: [module] });
  await bench.channels.add(fake);
  await bench.channels.add({ ...fake, name: "other" });
  await bench.start();
  await eventually(() => hosts.length === 2, "both adapters");
  const [one, other] = hosts as [AdapterHost, AdapterHost];
  const canary = new TextEncoder().encode("state-canary");
  await one.commit({ "key-canary": canary }, [inboundEvent("a1")]);
  expect(await one.load(["key-canary", "missing"])).toEqual([canary, null]);
  expect(await other.load(["key-canary"])).toEqual([null]);
  const big = new Uint8Array(2 * 1024 * 1024);
  await expect(one.commit({ big }, [inboundEvent("a2")])).rejects.toMatchObject({ code: "state-too-large" });
  expect(bench.data.storage.database.query("SELECT count(*) AS n FROM inbox").get()).toEqual({ n: 1 });
  await one.commit({ "key-canary": null });
  expect(await one.load(["key-canary"])).toEqual([null]);
  const bytes = await Bun.file(`${bench.data.path}/hearth.db-wal`).text();
  for (const text of ["state-canary", "key-canary"]) expect(bytes).not.toContain(text);
});

test("a configuration that does not fit the manifest's schema is refused with the place", async () => {
  const module = fakeModule({ arrived: [] }, () => undefined);
  await using bench = createChannelBench({ modules: [module] });
  await expect(bench.channels.add({ ...fake, config: { level: "high" } })).rejects.toMatchObject({
    code: "channel-config-invalid",
    message: expect.stringContaining("level"),
  });
  await expect(bench.channels.add({ ...fake, name: "Not a name" })).rejects.toMatchObject({
    code: "channel-name-invalid",
  });
});

test("removing a channel gives up what waits to go out, and says so", async () => {
  const module = fakeModule({ arrived: [] }, (host) => host.state({ status: "connecting" }));
  await using bench = createChannelBench({ modules: [module] });
  await bench.channels.add(fake);
  await bench.start();
  await bench.router.admit("fake", inboundEvent("a1"));
  await eventually(() => bench.outbox().queued === 1, "the waiting reply");
  await bench.channels.remove("fake");
  expect(bench.outbox()).toEqual({ failed: 1 });
  expect(() => bench.channels.find("fake")).toThrow();
});

test("the channels inside the box are listed and cannot be changed", async () => {
  const server: FakeServer = { arrived: [] };
  await using bench = createChannelBench({
    modules: [],
    builtIn: () => [
      { name: "api", manifest: { ...webhookModule.manifest, id: "api" }, adapter: createFakeAdapter(server) },
    ],
  });
  await bench.start();
  expect(bench.channels.list()).toMatchObject([{ name: "api", isBuiltIn: true, connection: { status: "online" } }]);
  await expect(bench.channels.remove("api")).rejects.toMatchObject({ code: "channel-built-in" });
  await expect(bench.channels.update("api", { policy: "anyone" })).rejects.toMatchObject({ code: "channel-built-in" });
});

test("while the box does not run every channel is offline, also one that was online when the box was killed", async () => {
  const module = fakeModule({ arrived: [] }, (host) => host.state({ status: "online" }));
  await using bench = createChannelBench({ modules: [module] });
  await bench.channels.add(fake);
  await bench.start();
  await bench.untilConnected("fake");
  const store = createChannelStore(bench.data.storage, bench.data.vault, systemClock);
  expect(store.find("fake")?.connection.status).toBe("online");
  const { router, channels } = bench;
  // As `hearth channel ls` makes one on the data folder when nothing answers on the control socket.
  const stopped = createChannelManager(
    {
      store,
      storage: bench.data.storage,
      vault: bench.data.vault,
      router,
      clock: systemClock,
      logger: silentLogger,
      reached: () => undefined,
      fetch: async () => new Response(),
    },
    { modules: [module], builtIn: [] },
  );
  expect(channels.find("fake").connection).toEqual({ status: "online" });
  expect(stopped.find("fake").connection).toEqual({ status: "offline" });
});

// SPDX-License-Identifier: AGPL-3.0-only
import type { AdapterModule } from "../messaging/protocol/index.ts";
import type { Metrics } from "../ops/metrics/index.ts";

/** The same kind of channel, whose replies are counted as bytes that leave the box. */
export function countedChannel(module: AdapterModule, metrics: Pick<Metrics, "countEgress">): AdapterModule {
  return {
    manifest: module.manifest,
    create(host, config) {
      const adapter = module.create(host, config);
      const send = adapter.send.bind(adapter);
      // Adapters carry doors of their own beside the interface (a webhook's), so the object stays the same one.
      return Object.assign(adapter, {
        send: async (...[outbound, signal]: Parameters<typeof send>) => {
          const result = await send(outbound, signal);
          // What was refused or is to be tried again has not left, or is counted when it does.
          const mayHaveLeft = result.status === "accepted" || result.status === "unknown";
          if (mayHaveLeft) metrics.countEgress("reply", Buffer.byteLength(outbound.text));
          return result;
        },
      });
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../../shared/errors/index.ts";

/** Where to listen. Port 0 lets the system choose. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HEARTH_LISTEN`: `host:port`, `[v6]:port` or a port alone, which means loopback.
 * @throws HearthError `invalid-listen-address`.
 */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):)?(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new HearthError({
      code: "invalid-listen-address",
      message: `'${text}' is not an address to listen on`,
      remedy: "Give HEARTH_LISTEN as host:port, such as 127.0.0.1:7411 or [::1]:7411.",
    });
  }
  return { host: match[1] ?? match[2] ?? "127.0.0.1", port };
}

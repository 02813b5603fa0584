// SPDX-License-Identifier: AGPL-3.0-only

/** A WebSocket with headers of its own, as Bun's client allows and the type of browsers does not know. */
export function openSocket(url: string, headers: Readonly<Record<string, string>>): WebSocket {
  const BunWebSocket = WebSocket as unknown as new (
    url: string,
    options: { headers: Readonly<Record<string, string>> },
  ) => WebSocket;
  return new BunWebSocket(url, { headers });
}

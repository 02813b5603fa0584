// SPDX-License-Identifier: AGPL-3.0-only
import type { HearthHome } from "./appliance-process.ts";

/** Signs in with a fresh one-time link, as a browser would. @returns the Cookie header of the session. */
export async function signIn(home: HearthHome, baseUrl: string, personId?: string): Promise<string> {
  const link = await home.command<{ url: string }>(["open", ...(personId === undefined ? [] : ["--person", personId])]);
  const response = await fetch(`${baseUrl}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: baseUrl },
    body: JSON.stringify({ token: new URL(link.url).hash.slice(1) }),
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!response.ok || cookie === undefined)
    throw new Error(`sign-in failed with ${response.status}: ${await response.text()}`);
  return cookie;
}

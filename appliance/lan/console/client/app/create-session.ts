// SPDX-License-Identifier: AGPL-3.0-only
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Session } from "../../../http-api/index.ts";
import { type ApiClient, createApiClient } from "../api/api-client.ts";
import type { SessionState } from "./app-context.ts";

/** The sign-in of this browser. */
export interface SessionKeeper {
  readonly state: ReadonlySignal<SessionState>;
  readonly api: ApiClient;
  /** Exchanges the link's token, if one is given, else asks who is signed in. */
  begin(linkToken: string | null): Promise<void>;
  signOut(): Promise<void>;
}

/**
 * The token of a one-time sign-in link, out of the address's fragment (`/sign-in#<token>` or `#link=<token>`). The
 * fragment is never sent, so no log on the way holds it.
 */
export function readLinkToken(location: { readonly pathname: string; readonly hash: string }): string | null {
  const fragment = location.hash.replace(/^#/, "");
  if (fragment.startsWith("link=")) return fragment.slice("link=".length);
  return location.pathname === "/sign-in" && fragment !== "" ? fragment : null;
}

/** Keeps {@link SessionState} true to what the box says. */
export function createSession(fetchFromBox: (path: string, init: RequestInit) => Promise<Response>): SessionKeeper {
  const state = signal<SessionState>({ status: "loading" });
  const api = createApiClient({
    fetch: fetchFromBox,
    csrfToken: () => (state.value.status === "signed-in" ? state.value.session.csrfToken : ""),
    onSignedOut: () => {
      if (state.value.status === "signed-in") state.value = { status: "signed-out", wasLinkRefused: false };
    },
  });
  return {
    state,
    api,
    async begin(linkToken) {
      state.value = { status: "loading" };
      if (linkToken !== null) {
        const exchanged = await api.send<Session>("POST", "/api/session", { token: linkToken });
        if (exchanged.isOk) {
          state.value = { status: "signed-in", session: exchanged.value };
          return;
        }
      }
      const current = await api.get<Session>("/api/session");
      if (current.isOk) state.value = { status: "signed-in", session: current.value };
      else if (current.problem.status === 401) {
        state.value = { status: "signed-out", wasLinkRefused: linkToken !== null };
      } else state.value = { status: "failed", problem: current.problem };
    },
    async signOut() {
      await api.send("DELETE", "/api/session");
      state.value = { status: "signed-out", wasLinkRefused: false };
    },
  };
}

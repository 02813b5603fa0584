// SPDX-License-Identifier: AGPL-3.0-only
// The console's composition root: the only place that touches the browser's globals.
import "./styles/index.css";
import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";
import type { App } from "./app/app-context.ts";
import { createPreferences } from "./app/create-preferences.ts";
import { createRouter } from "./app/create-router.ts";
import { createSession, readLinkToken } from "./app/create-session.ts";
import { Root } from "./app/root.tsx";
import { createChatConnection } from "./chat/chat-connection.ts";
import { createFormatter } from "./i18n/create-formatter.ts";

/** The token of a sign-in link, if the address has one: out of the address and the history before anything else happens. */
function takeLinkToken(): string | null {
  const token = readLinkToken(window.location);
  if (token !== null) window.history.replaceState(null, "", "/");
  return token;
}

function start(): void {
  const linkToken = takeLinkToken();
  const preferences = createPreferences({
    storage: window.localStorage,
    languages: navigator.languages,
    root: document.documentElement,
  });
  const session = createSession((path, init) => window.fetch(path, init));
  const chat = createChatConnection({
    openSocket: () => new WebSocket(`${window.location.origin.replace(/^http/, "ws")}/api/chat/socket`),
    createId: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    setTimer: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    now: Date.now,
    language: () => document.documentElement.lang,
    onConnectFailed: () => void session.api.get("/api/session"),
  });
  window.addEventListener("online", () => chat.reconnectNow());
  // A link that is pasted into a tab of the console changes nothing but the fragment.
  window.addEventListener("hashchange", () => {
    const token = takeLinkToken();
    if (token !== null) void session.begin(token);
  });
  effect(() => {
    if (session.state.value.status === "signed-in") chat.start();
    else chat.stop();
  });
  const app: App = {
    api: session.api,
    router: createRouter(window),
    session: session.state,
    language: preferences.language,
    theme: preferences.theme,
    formatter: computed(() => createFormatter(preferences.language.value)),
    notice: signal(""),
    chat,
    signOut: () => session.signOut(),
    retrySession: () => void session.begin(null),
  };
  const container = document.getElementById("app");
  if (container !== null) render(<Root app={app} />, container);
  void session.begin(linkToken);
}

start();

// SPDX-License-Identifier: AGPL-3.0-only
import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { HearthError } from "../../../../../shared/errors/index.ts";
import type { Session } from "../../../http-api/index.ts";
import type { ApiClient, ApiProblem } from "../api/api-client.ts";
import type { ChatConnection } from "../chat/chat-connection.ts";
import type { Formatter } from "../i18n/create-formatter.ts";
import type { Language } from "../i18n/define-texts.ts";
import type { Theme } from "./create-preferences.ts";
import type { Router } from "./create-router.ts";

/** Who looks at the console. `failed`: the box could not be asked. */
export type SessionState =
  | { readonly status: "loading" }
  | { readonly status: "signed-out"; readonly wasLinkRefused: boolean }
  | { readonly status: "failed"; readonly problem: ApiProblem }
  | { readonly status: "signed-in"; readonly session: Session };

/** What every page may use. */
export interface App {
  readonly api: ApiClient;
  readonly router: Router;
  readonly session: ReadonlySignal<SessionState>;
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  readonly formatter: ReadonlySignal<Formatter>;
  /** A short confirmation, shown for some seconds and spoken by screen readers. */
  readonly notice: Signal<string>;
  /** The chat of the person who is signed in; lives as long as the page, so that leaving Chat loses nothing. */
  readonly chat: ChatConnection;
  signOut(): Promise<void>;
  retrySession(): void;
}

export const AppContext = createContext<App | null>(null);

/** The {@link App} of the component tree. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new HearthError({ code: "no-app", message: "used outside of the console's component tree" });
  return app;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Session, Status } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { SignInPage } from "../sign-in/sign-in-page.tsx";
import { type App, AppContext, useApp } from "./app-context.ts";
import { canManage } from "./navigation-entries.ts";
import { CurrentPage } from "./pages.tsx";
import { Shell } from "./shell.tsx";
import { Toast } from "./toast.tsx";

const refreshMs = 30_000;

function SignedIn(props: { readonly session: Session }): JSX.Element {
  const app = useApp();
  // Only who runs the box may read its status; for the others its name is not needed.
  const status = useResource<Status>(canManage(props.session.person.role) ? "/api/status" : null, refreshMs);
  return (
    <Shell session={props.session} boxName={status.value?.name}>
      <CurrentPage route={app.router.route.value} session={props.session} />
    </Shell>
  );
}

function Content(): JSX.Element {
  const state = useApp().session.value;
  return state.status === "signed-in" ? <SignedIn session={state.session} /> : <SignInPage state={state} />;
}

/** The console. */
export function Root(props: { readonly app: App }): JSX.Element {
  return (
    <AppContext.Provider value={props.app}>
      <Content />
      <Toast />
    </AppContext.Provider>
  );
}

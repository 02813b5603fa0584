// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { ApiProblem } from "../api/api-client.ts";
import { type SessionState, useApp } from "../app/app-context.ts";
import { Header } from "../app/header.tsx";
import { useTexts } from "../app/use-texts.ts";
import { Card } from "../ui/card.tsx";
import { Notice, ProblemNotice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { signInTexts } from "./sign-in-texts.ts";

function HowToSignIn(props: { readonly wasLinkRefused: boolean }): JSX.Element {
  const texts = useTexts(signInTexts);
  return (
    <Page title={texts.title} lead={texts.lead}>
      {props.wasLinkRefused ? (
        <Notice tone="warn" isUrgent>
          <h2>{texts.refusedTitle}</h2>
          <p>{texts.refusedBody}</p>
        </Notice>
      ) : null}
      <Card title={texts.ownerTitle}>
        <p>{texts.ownerBody}</p>
        <pre>
          <code>hearth open</code>
        </pre>
        <p class="soft">{texts.ownerAfter}</p>
      </Card>
      <Card title={texts.guestTitle}>
        <p>{texts.guestBody}</p>
      </Card>
    </Page>
  );
}

function NotReached(props: { readonly problem: ApiProblem }): JSX.Element {
  const app = useApp();
  const texts = useTexts(signInTexts);
  return (
    <Page title={texts.failedTitle}>
      <ProblemNotice problem={props.problem} onRetry={app.retrySession} />
    </Page>
  );
}

/** What somebody sees who is not signed in: how to get a link. */
export function SignInPage(props: { readonly state: SessionState }): JSX.Element {
  const texts = useTexts(signInTexts);
  const { state } = props;
  return (
    <div class="sign-in">
      <Header />
      <main class="main">
        {state.status === "loading" ? (
          <p class="soft" role="status">
            {texts.checking}
          </p>
        ) : state.status === "failed" ? (
          <NotReached problem={state.problem} />
        ) : (
          <HowToSignIn wasLinkRefused={state.status === "signed-out" && state.wasLinkRefused} />
        )}
      </main>
    </div>
  );
}

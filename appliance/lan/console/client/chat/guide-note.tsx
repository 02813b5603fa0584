// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Session } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { chatTexts } from "./chat-texts.ts";

/** The owner may choose another model, or the first one still be loading, while the chat is open. */
const refreshMs = 15_000;

/** Says that the guide model answers, and what that means, where it does. */
export function GuideNote(): JSX.Element | null {
  const texts = useTexts(chatTexts);
  const state = useApp().session.value;
  const signedIn = state.status === "signed-in" ? state.session : undefined;
  const { model } = useResource<Session>("/api/session", refreshMs).value ?? signedIn ?? {};
  if (model?.isGuide === true) {
    return (
      <p>
        <strong>{texts.guide}</strong> {texts.guideBody}
      </p>
    );
  }
  return <p>{model?.id ?? texts.mayBeWrong}</p>;
}

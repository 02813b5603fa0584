// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { ModelList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { canManage } from "../app/navigation-entries.ts";
import { useTexts } from "../app/use-texts.ts";
import { chatTexts } from "./chat-texts.ts";

/** Says that the guide model answers, and what that means, where it does. */
export function GuideNote(): JSX.Element | null {
  const texts = useTexts(chatTexts);
  const session = useApp().session.value;
  const mayAsk = session.status === "signed-in" && canManage(session.session.person.role);
  const models = useResource<ModelList>(mayAsk ? "/api/models" : null).value?.models ?? [];
  const current = models.find((model) => model.isDefault);
  if (current?.isGuide === true) {
    return (
      <p>
        <strong>{texts.guide}</strong> {texts.guideBody}
      </p>
    );
  }
  return <p>{current?.id ?? texts.mayBeWrong}</p>;
}

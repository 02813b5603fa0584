// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { ModelList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { chatTexts } from "./chat-texts.ts";

/** Says that the guide model answers, and what that means, where it does. */
export function GuideNote(): JSX.Element | null {
  const texts = useTexts(chatTexts);
  const models = useResource<ModelList>("/api/models").value?.models ?? [];
  const current = models.find((model) => model.isDefault);
  if (current?.isGuide === true) {
    return (
      <p>
        <strong>{texts.guide}</strong> {texts.guideBody}
      </p>
    );
  }
  return current === undefined ? null : <p>{current.id}</p>;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { ChannelList, ConversationList, KnowledgeList, ModelList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { Card } from "../ui/card.tsx";
import { Icon } from "../ui/icon.tsx";
import { homeTexts } from "./home-texts.ts";

/** The way from an empty box to one that serves people. Goes away when all of it is done. */
export function FirstStepsCard(): JSX.Element | null {
  const texts = useTexts(homeTexts);
  const conversations = useResource<ConversationList>("/api/conversations?limit=1").value;
  const knowledge = useResource<KnowledgeList>("/api/knowledge").value;
  const channels = useResource<ChannelList>("/api/channels").value;
  const models = useResource<ModelList>("/api/models").value;
  if (conversations === undefined || knowledge === undefined || channels === undefined || models === undefined) {
    return null;
  }
  const steps = [
    {
      text: texts.stepChat,
      body: texts.stepChatBody,
      href: "/chat",
      isDone: conversations.conversations.length > 0,
    },
    {
      text: texts.stepKnowledge,
      body: texts.stepKnowledgeBody,
      href: "/knowledge",
      isDone: knowledge.sources.some((source) => source.isRemovable),
    },
    {
      text: texts.stepChannel,
      body: texts.stepChannelBody,
      href: "/channels",
      isDone: channels.channels.some((channel) => !channel.isBuiltIn),
    },
    {
      text: texts.stepModel,
      body: texts.stepModelBody,
      href: "/models",
      isDone: models.models.some((model) => model.isDefault && !model.isGuide),
    },
  ];
  if (steps.every((step) => step.isDone)) return null;
  return (
    <Card title={texts.stepsTitle} lead={texts.stepsLead}>
      <ol class="steps">
        {steps.map((step, index) => (
          <li class={step.isDone ? "step done" : "step"} key={step.href}>
            <span class="step-mark" aria-hidden="true">
              {step.isDone ? <Icon name="check" /> : index + 1}
            </span>
            <div>
              <div class="row-title">
                {step.text}
                {step.isDone ? <span class="visually-hidden">({texts.stepDone})</span> : null}
              </div>
              <p class="small soft">{step.body}</p>
            </div>
            <a class="button small" href={step.href} aria-label={`${texts.stepGo}: ${step.text}`}>
              {texts.stepGo}
            </a>
          </li>
        ))}
      </ol>
    </Card>
  );
}

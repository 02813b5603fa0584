// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { assertNever } from "../../../../../shared/errors/index.ts";
import { useTexts } from "../app/use-texts.ts";
import { Card } from "../ui/card.tsx";
import type { Need } from "./find-needs.ts";
import { homeTexts } from "./home-texts.ts";

function describeNeed(texts: (typeof homeTexts)["en"], need: Need): { text: string; detail?: string; href: string } {
  switch (need.kind) {
    case "not-ready":
      return { text: texts.needNotReady, ...detail(need.problem), href: "/activity" };
    case "engine-down":
      return { text: texts.needEngineDown, ...detail(need.problem), href: "/activity" };
    case "engine-restarting":
      return { text: texts.needEngineRestarting, ...detail(need.problem), href: "/activity" };
    case "pairings":
      return { text: texts.needPairings(need.count), href: "/people" };
    case "channels-failing":
      return { text: texts.needChannels(need.count), href: "/channels" };
    case "dead-letters":
      return { text: texts.needDeadLetters(need.count), href: "/activity" };
    case "unknown-sends":
      return { text: texts.needUnknown(need.count), href: "/activity" };
    default:
      return assertNever(need);
  }
}

function detail(problem: string | undefined): { detail?: string } {
  return problem === undefined ? {} : { detail: problem };
}

/** What waits for whoever runs the box, each with the page where it is dealt with. */
export function NeedsCard(props: { readonly needs: readonly Need[] }): JSX.Element | null {
  const texts = useTexts(homeTexts);
  if (props.needs.length === 0) return null;
  return (
    <Card title={texts.needsTitle}>
      <ul class="rows">
        {props.needs.map((need) => {
          const described = describeNeed(texts, need);
          return (
            <li class="row" key={need.kind}>
              <div class="row-main">
                <span class="row-title">{described.text}</span>
                {described.detail === undefined ? null : <span class="small soft breakable">{described.detail}</span>}
              </div>
              <a class="button small" href={described.href} aria-label={`${texts.look}: ${described.text}`}>
                {texts.look}
              </a>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

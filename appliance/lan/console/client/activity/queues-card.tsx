// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { DeadLetter, Queues } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { ProblemNotice } from "../ui/notice.tsx";
import { activityTexts } from "./activity-texts.ts";

const refreshMs = 4000;

function DeadLetterRow(props: { readonly letter: DeadLetter; readonly onChanged: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(activityTexts);
  const format = app.formatter.value;
  const action = useAction();
  const { letter } = props;
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">{letter.message === "" ? letter.code : letter.message}</span>
        <span class="small soft">
          {letter.channel} · {format.dateTime(letter.atMs)} · {texts.deadAttempts(format.number(letter.attempts))}
        </span>
        {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      </div>
      <Button
        isSmall
        isDisabled={action.isRunning}
        onPress={() =>
          void action.run(
            () => app.api.send("POST", `/api/queues/dead/${encodeURIComponent(letter.id)}/retry`),
            () => {
              app.notice.value = texts.retried;
              props.onChanged();
            },
          )
        }
      >
        {texts.retry}
      </Button>
    </li>
  );
}

/** Messages on their way through the box, and those that got stuck. */
export function QueuesCard(): JSX.Element {
  const texts = useTexts(activityTexts);
  const format = useApp().formatter.value;
  const queues = useResource<Queues>("/api/queues", refreshMs);
  return (
    <Card title={texts.queuesTitle}>
      <Loaded resource={queues}>
        {({ inbox, outbox, dead }) => (
          <>
            <Facts
              facts={[
                [texts.inbox, format.number(inbox.waiting)],
                [texts.answering, format.number(inbox.answering)],
                [texts.outbox, format.number(outbox.waiting)],
                [texts.sending, format.number(outbox.sending)],
                [texts.retrying, format.number(outbox.retrying)],
                [texts.unknownSends, format.number(outbox.unknown)],
              ]}
            />
            {dead.length === 0 ? null : (
              <>
                <h3>{texts.deadTitle}</h3>
                <ul class="rows">
                  {dead.map((letter) => (
                    <DeadLetterRow key={letter.id} letter={letter} onChanged={queues.reload} />
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Person } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { ProblemNotice } from "../ui/notice.tsx";
import { roleName } from "../ui/role-name.ts";
import { RoleSelect } from "../ui/role-select.tsx";
import { peopleTexts } from "./people-texts.ts";

/** A person: addresses, role, blocking, removing. */
export function PersonRow(props: {
  readonly person: Person;
  readonly isSelf: boolean;
  readonly onChanged: () => void;
}): JSX.Element {
  const app = useApp();
  const { person, isSelf } = props;
  const texts = useTexts(peopleTexts);
  const common = useTexts(commonTexts);
  const format = app.formatter.value;
  const action = useAction();
  const [asks, setAsks] = useState<"block" | "remove" | undefined>(undefined);
  const address = `/api/people/${encodeURIComponent(person.id)}`;
  const close = (): void => {
    setAsks(undefined);
    action.clear();
  };
  const done = (): void => {
    close();
    props.onChanged();
  };
  const update = (change: Partial<Pick<Person, "role" | "isBlocked">>): void =>
    void action.run(() => app.api.send("PATCH", address, change), done);
  const addresses = person.identities.map((identity) => `${identity.channel}: ${identity.address}`);
  const seen = person.lastSeenMs === null ? texts.neverSeen : texts.lastSeen(format.dateTime(person.lastSeenMs));
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">
          {person.name}
          {isSelf ? <Badge tone="plain">{texts.you}</Badge> : null}
          {person.isBlocked ? <Badge tone="bad">{texts.blocked}</Badge> : null}
        </span>
        <span class="small soft breakable">{[...addresses, seen].join(" · ")}</span>
        {action.problem === undefined || asks !== undefined ? null : <ProblemNotice problem={action.problem} />}
      </div>
      <div class="buttons">
        {isSelf || person.role === "owner" ? (
          <Badge tone="plain">{roleName(common, person.role)}</Badge>
        ) : (
          <>
            <RoleSelect
              label={texts.roleOf(person.name)}
              isLabelHidden
              isDisabled={action.isRunning}
              value={person.role}
              onChange={(role) => update({ role })}
            />
            {person.isBlocked ? (
              <Button onPress={() => update({ isBlocked: false })}>{texts.unblock}</Button>
            ) : (
              <Button onPress={() => setAsks("block")}>{texts.block}</Button>
            )}
            <Button kind="danger" onPress={() => setAsks("remove")}>
              {common.remove}
            </Button>
          </>
        )}
      </div>
      {asks === "block" ? (
        <ConfirmDialog
          title={texts.blockTitle(person.name)}
          confirm={texts.block}
          action={action}
          onClose={close}
          onConfirm={() => update({ isBlocked: true })}
        >
          <p>{texts.blockBody}</p>
        </ConfirmDialog>
      ) : null}
      {asks === "remove" ? (
        <ConfirmDialog
          title={texts.removeTitle(person.name)}
          confirm={common.remove}
          action={action}
          onClose={close}
          onConfirm={() =>
            void action.run(
              () => app.api.send("DELETE", address),
              () => {
                app.notice.value = texts.removed(person.name);
                done();
              },
            )
          }
        >
          <p>{texts.removeBody}</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}

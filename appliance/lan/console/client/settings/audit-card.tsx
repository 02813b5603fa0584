// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { AuditEntry, AuditList, AuditVerification, PersonList } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Notice, ProblemNotice } from "../ui/notice.tsx";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { settingsTexts } from "./settings-texts.ts";

function AuditTable(props: { readonly entries: readonly AuditEntry[] }): JSX.Element {
  const texts = useTexts(settingsTexts);
  const people = useResource<PersonList>("/api/people").value?.people ?? [];
  const nameOf = (id: string): string => people.find((person) => person.id === id)?.name ?? id;
  const format = useApp().formatter.value;
  return (
    <ScrollArea label={texts.auditTitle}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.when}</th>
            <th scope="col">{texts.who}</th>
            <th scope="col">{texts.what}</th>
            <th scope="col">{texts.target}</th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map((entry) => (
            <tr key={entry.sequence}>
              <td class="number">{format.dateTime(entry.atMs)}</td>
              <td class="breakable">{nameOf(entry.actor)}</td>
              <td>{entry.action}</td>
              <td class="breakable">{nameOf(entry.target ?? "")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** The audit log's latest entries, and whether its chain is intact. */
export function AuditCard(): JSX.Element {
  const app = useApp();
  const texts = useTexts(settingsTexts);
  const format = app.formatter.value;
  const action = useAction();
  const audit = useResource<AuditList>("/api/audit?limit=20");
  const [verified, setVerified] = useState<AuditVerification | undefined>(undefined);
  const verify = (): void =>
    void action.run(() => app.api.send<AuditVerification>("POST", "/api/audit/verify", {}), setVerified);
  return (
    <Card
      title={texts.auditTitle}
      lead={texts.auditLead}
      actions={
        <Button isSmall isDisabled={action.isRunning} onPress={verify}>
          {texts.verify}
        </Button>
      }
    >
      {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      <div role="status">
        {verified === undefined ? null : verified.isIntact ? (
          <Notice tone="good">
            <p>{texts.intact(format.number(verified.entries))}</p>
          </Notice>
        ) : (
          <Notice tone="bad">
            {verified.brokenAt === undefined ? null : <p>{texts.brokenAt(format.number(verified.brokenAt))}</p>}
            <p>{verified.problem ?? ""}</p>
          </Notice>
        )}
      </div>
      <Loaded resource={audit}>
        {({ entries }) =>
          entries.length === 0 ? <p class="soft">{texts.auditEmpty}</p> : <AuditTable entries={entries} />
        }
      </Loaded>
    </Card>
  );
}

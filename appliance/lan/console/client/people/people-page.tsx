// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PairingList, PersonList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Page } from "../ui/page.tsx";
import { AddPersonDialog } from "./add-person-dialog.tsx";
import { PairingsCard } from "./pairings-card.tsx";
import { peopleTexts } from "./people-texts.ts";
import { PersonRow } from "./person-row.tsx";

const refreshMs = 5000;

/** Who may talk to the agent, and who asks to. */
export function PeoplePage(): JSX.Element {
  const texts = useTexts(peopleTexts);
  const session = useApp().session.value;
  const people = useResource<PersonList>("/api/people");
  const pairings = useResource<PairingList>("/api/pairing", refreshMs);
  const [isAdding, setAdding] = useState(false);
  const ownId = session.status === "signed-in" ? session.session.person.id : undefined;
  const reloadBoth = (): void => {
    people.reload();
    pairings.reload();
  };
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
          {texts.add}
        </Button>
      }
    >
      <PairingsCard pairings={pairings} onChanged={reloadBoth} />
      <Card title={texts.listTitle}>
        <Loaded resource={people}>
          {(list) => (
            <>
              <ul class="rows">
                {list.people.map((person) => (
                  <PersonRow key={person.id} person={person} isSelf={person.id === ownId} onChanged={people.reload} />
                ))}
              </ul>
              {list.people.length > 1 ? null : <EmptyState icon="people" title={texts.listEmpty} />}
            </>
          )}
        </Loaded>
      </Card>
      {isAdding ? (
        <AddPersonDialog
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            people.reload();
          }}
        />
      ) : null}
    </Page>
  );
}

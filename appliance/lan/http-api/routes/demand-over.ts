// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { Action } from "../../../gateway/access-control/index.ts";
import type { PeopleService } from "../api-services.ts";
import type { Caller } from "../caller.ts";
import { demand } from "./route-parts.ts";

/**
 * Demands an action over a particular person. Who could not do it to anybody but themselves is refused before the
 * person is looked up, so that a refusal does not tell who exists.
 * @throws HearthError `forbidden` or `person-not-found`.
 */
export async function demandOver(
  people: Pick<PeopleService, "get">,
  caller: Caller,
  action: Action,
  id: string,
): Promise<void> {
  const person = id as PersonId;
  if (person === caller.person.id) return demand(caller, action, { person, role: caller.person.role });
  demand(caller, action, { person, role: "guest" });
  const { role } = await people.get(id);
  demand(caller, action, { person, role });
}

// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type {
  Gateway,
  Pairing,
  PairingApproval,
  PairingResult,
  People,
  Person,
  PersonResult,
} from "../../gateway/access-control/index.ts";
import type { Person as ApiPerson, ApiServices } from "../../lan/http-api/index.ts";

/** People of the gateway as the box API shows them. `ownerId` is the box's first owner, for whom the control socket acts. */
export function createPeopleService(people: People, ownerId: PersonId): ApiServices["people"] {
  return {
    owner: () => {
      const owner = personOf(people, ownerId);
      return { id: owner.id, name: owner.name, role: owner.role };
    },
    list: () => people.list().map(toApiPerson),
    get: (id) => toApiPerson(personOf(people, id)),
    create: ({ name, role, identities }, actor) => unwrap(people.create({ name, role, identities }, actor)),
    update: (id, changes, actor) => unwrap(people.update(id as PersonId, withoutUndefined(changes), actor)),
    remove(id, actor) {
      const result = people.remove(id as PersonId, actor);
      if (!result.ok) throw refusal(result.reason);
    },
  };
}

/** Pairing requests of the gateway as the box API shows them. */
export function createPairingService(gateway: Pick<Gateway, "pairing">): ApiServices["pairing"] {
  const pairing: Pairing = gateway.pairing;
  return {
    list: () => pairing.list().map((request) => ({ ...request })),
    approve({ code, role, name, personId }, actor) {
      const approval: PairingApproval =
        personId === undefined ? { role, ...(name === undefined ? {} : { name }) } : { person: personId as PersonId };
      const result = pairing.approve(code, approval, actor);
      if (!result.ok) throw refusal(result.reason);
      return toApiPerson(result.person);
    },
    deny({ isBlocked, ...which }, actor) {
      const result = pairing.deny(which, { isBlocked }, actor);
      if (!result.ok) throw refusal(result.reason);
    },
  };
}

function personOf(people: People, id: string): Person {
  const person = people.get(id as PersonId);
  if (person === undefined) throw refusal("person-unknown");
  return person;
}

function unwrap(result: PersonResult): ApiPerson {
  if (!result.ok) throw refusal(result.reason);
  return toApiPerson(result.person);
}

function toApiPerson(person: Person): ApiPerson {
  return { ...person, identities: person.identities.map((identity) => ({ ...identity })) };
}

type Reason = Extract<PersonResult, { ok: false }>["reason"] | Extract<PairingResult, { ok: false }>["reason"];

const refusals: Readonly<Record<Reason, { readonly code: string; readonly message: string; readonly remedy: string }>> =
  {
    "person-unknown": {
      code: "person-not-found",
      message: "there is nobody with this id",
      remedy: "hearth person ls lists everybody.",
    },
    "address-taken": {
      code: "address-taken",
      message: "one of the addresses belongs to somebody else",
      remedy: "Remove it there first.",
    },
    "last-owner": {
      code: "last-owner",
      message: "the box would be left without an owner who can get in",
      remedy: "Make somebody else an owner first.",
    },
    "code-unknown": {
      code: "pairing-not-found",
      message: "nobody waits with this code",
      remedy: "hearth person pairing lists who waits; codes hold for an hour.",
    },
    "code-expired": {
      code: "pairing-expired",
      message: "the code is older than an hour",
      remedy: "Let them write again: they get a new one.",
    },
  };

function refusal(reason: Reason): HearthError {
  return new HearthError(refusals[reason]);
}

/** An absent field stays as it is; zod gives `undefined` for one, the gateway wants none. */
function withoutUndefined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>;
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { createId, type PersonId } from "../../../shared/ids/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Audit } from "../audit/index.ts";
import type { Vault } from "../encryption/index.ts";
import type { Blocklist } from "./blocklist.ts";
import { readPairingCode } from "./pairing-code.ts";
import type { PairingTable, StoredPairing } from "./pairing-table.ts";
import type { Pairing, PairingApproval } from "./pairing-types.ts";
import type { PersonTable } from "./person-table.ts";

export interface PairingDependencies {
  readonly storage: Pick<Storage, "transaction">;
  readonly vault: Pick<Vault, "createKey">;
  readonly audit: Pick<Audit, "append">;
  readonly requests: PairingTable;
  readonly people: PersonTable;
  readonly blocklist: Pick<Blocklist, "block">;
  readonly nowMs: () => number;
}

type Found =
  | { readonly ok: true; readonly request: StoredPairing }
  | { readonly ok: false; readonly reason: "code-unknown" | "code-expired" };

export function createPairing(dependencies: PairingDependencies): Pairing {
  const { storage, vault, audit, requests, people, blocklist, nowMs } = dependencies;

  function find(which: { readonly code: string } | { readonly id: string }): Found {
    const code = "code" in which ? readPairingCode(which.code) : undefined;
    const request = "id" in which ? requests.byId(which.id) : code === undefined ? undefined : requests.byCode(code);
    if (request === undefined) return { ok: false, reason: "code-unknown" };
    return request.expiresMs > nowMs() ? { ok: true, request } : { ok: false, reason: "code-expired" };
  }

  /** Somebody who came in as a guest by `anyone` stays the same person, with their conversations. */
  function letIn(request: StoredPairing, approval: Extract<PairingApproval, { role: string }>): PersonId {
    const known = people.findSender(request.addressIndex);
    // Put on the allow-list since they asked: they are in already, in the role that was chosen there.
    if (known !== undefined && known.origin !== "anyone") return known.person;
    const name = approval.name ?? request.displayName ?? request.address;
    const id = known?.person ?? createId("person", nowMs());
    if (known === undefined) {
      vault.createKey(id);
      people.insert({ id, role: approval.role, name, origin: "pairing" });
    } else {
      people.setRole(id, approval.role);
      people.setName(id, name);
    }
    people.addIdentity(id, { channel: request.channel, address: request.address }, "pairing");
    return id;
  }

  /** One more address of somebody known; when it is already somebody else's, that somebody. */
  function link(request: StoredPairing, person: PersonId): PersonId | undefined {
    const identity = { channel: request.channel, address: request.address };
    return people.addIdentity(person, identity, "pairing") ? person : people.findSender(request.addressIndex)?.person;
  }

  return {
    list() {
      const now = nowMs();
      return requests
        .list()
        .filter((request) => request.expiresMs > now)
        .map(({ addressIndex: _index, code: _code, replies: _replies, ...shown }) => shown);
    },
    approve(code, approval, actor) {
      return storage.transaction(() => {
        const found = find({ code });
        if (!found.ok) return found;
        const { request } = found;
        if ("person" in approval && people.findPerson(approval.person) === undefined) {
          return { ok: false, reason: "person-unknown" } as const;
        }
        const details = {
          channel: request.channel,
          ...("role" in approval ? { role: approval.role } : { isLinked: true }),
        };
        audit.append({ actor, action: "pairing-approved", target: request.id, details });
        const id = "person" in approval ? link(request, approval.person) : letIn(request, approval);
        requests.remove(request.id);
        const person = id === undefined ? undefined : people.get(id);
        return person === undefined ? ({ ok: false, reason: "person-unknown" } as const) : { ok: true, person };
      });
    },
    deny(which, { isBlocked }, actor) {
      return storage.transaction(() => {
        const found = find(which);
        if (!found.ok) return found;
        const { request } = found;
        audit.append({
          actor,
          action: "pairing-denied",
          target: request.id,
          details: { channel: request.channel, isBlocked },
        });
        requests.remove(request.id);
        if (isBlocked) blocklist.block({ channel: request.channel, address: request.address }, actor);
        return { ok: true };
      });
    },
  };
}

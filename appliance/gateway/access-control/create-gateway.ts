// SPDX-License-Identifier: AGPL-3.0-only

import type { Clock } from "../../../shared/clock/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Audit } from "../audit/index.ts";
import type { Vault } from "../encryption/index.ts";
import type { RateLimiter } from "../rate-limit/index.ts";
import { createAdmit } from "./admit.ts";
import type { StrangerOptions } from "./admit-stranger.ts";
import { createStrangerDoor } from "./admit-stranger.ts";
import type { AdmissionQuestion } from "./admit-types.ts";
import { type Blocklist, createBlocklist } from "./blocklist.ts";
import { createPairing } from "./create-pairing.ts";
import { createPeople } from "./create-people.ts";
import { createDecisionLog, type DecisionLog } from "./decision-log.ts";
import { createPairingTable } from "./pairing-table.ts";
import type { Pairing } from "./pairing-types.ts";
import { createPersonTable } from "./person-table.ts";
import type { People } from "./person-types.ts";
import type { Admission } from "./types.ts";

export interface GatewayDependencies {
  readonly storage: Storage;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Deletes what other modules keep of a person; runs in the transaction that destroys their key. */
  readonly erase?: (person: PersonId) => void;
}

export interface GatewayOptions extends StrangerOptions {
  /** Longest text that is taken, in UTF-16 units. Default: 32,768. */
  readonly maxTextLength?: number;
}

/** The door of the box: who may talk to it, and what of their text goes on. */
export interface Gateway extends Disposable {
  /**
   * The gateway's word on one message; deny by default. Synchronous and without a commit of its own when called inside
   * a transaction: call it in the one that records its outcome.
   */
  admit(question: AdmissionQuestion): Admission;
  readonly people: People;
  readonly pairing: Pairing;
  readonly blocklist: Blocklist;
  readonly decisions: Pick<DecisionLog, "list">;
  /** Writes what waits. */
  close(): void;
}

export function createGateway(dependencies: GatewayDependencies, options: GatewayOptions = {}): Gateway {
  const { storage, vault, audit, limiter, clock, logger, erase } = dependencies;
  const nowMs = (): number => clock.now();
  const table = createPersonTable({ storage, vault, nowMs });
  const requests = createPairingTable({ storage, vault });
  const blocklist = createBlocklist({ storage, vault, audit, addressIndex: table.addressIndex, nowMs });
  const decisions = createDecisionLog({ storage, vault, clock, logger, setSeen: table.setSeen });
  const admitStranger = createStrangerDoor({ storage, vault, people: table, requests, limiter, nowMs }, options);
  const admit = createAdmit(
    { vault, people: table, blocklist, limiter, admitStranger },
    { maxTextLength: options.maxTextLength ?? 32_768 },
  );
  return {
    admit(question) {
      const { admission, person, isStranger } = admit(question);
      const { isAllowed, reason, explanation } = admission;
      const fields = { channel: question.sender.channel, person: person?.person, reason, explanation };
      logger.info(isAllowed ? "message-admitted" : "message-refused", fields);
      decisions.record({
        atMs: nowMs(),
        channel: question.sender.channel,
        person: person?.person ?? null,
        address: isStranger && !admission.isAllowed ? question.sender.address : null,
        isAllowed,
        reason,
        explanation,
        findings: admission.isAllowed ? admission.findings : [],
      });
      return admission;
    },
    people: createPeople({ storage, vault, audit, table, logger, nowMs, ...(erase === undefined ? {} : { erase }) }),
    pairing: createPairing({ storage, vault, audit, requests, people: table, blocklist, nowMs }),
    blocklist,
    decisions,
    close: decisions.flush,
    [Symbol.dispose]: decisions.flush,
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import type { Audit } from "../../gateway/audit/index.ts";
import type { ApiServices } from "../../lan/http-api/index.ts";
import type { QueueView } from "../../messaging/queues/index.ts";
import type { Router } from "../../messaging/router/index.ts";
import { audited } from "./audited.ts";

const shownDeadLetters = 200;

/** Queues and dead letters as the box API shows them. */
export function createQueueService(
  queues: QueueView,
  router: Pick<Router, "retryDead">,
  audit: Pick<Audit, "append">,
): ApiServices["queues"] {
  return {
    read() {
      const counts = queues.counts();
      return {
        inbox: { waiting: counts.inboxWaiting, answering: counts.inboxLeased, oldestMs: counts.oldestWaitingMs },
        outbox: {
          waiting: counts.outboxWaiting,
          sending: counts.outboxSending,
          retrying: counts.outboxRetrying,
          unknown: counts.outboxUnknown,
        },
        dead: queues
          .deadLetters(shownDeadLetters)
          .map((letter) => ({ ...letter, message: describe(letter.code, letter.attempts) })),
      };
    },
    retryDead: (id, actor) =>
      audited(audit, { actor, action: "dead-letter-retrying", target: id }, () => {
        if (router.retryDead(id)) return;
        throw new HearthError({
          code: "dead-letter-not-found",
          message: "there is no message with this id that was given up",
          remedy: "The Activity page and GET /api/queues list them.",
        });
      }),
  };
}

function describe(code: string, attempts: number): string {
  return `given up after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}: ${code}`;
}

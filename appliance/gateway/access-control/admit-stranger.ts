// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import { createId } from "../../../shared/ids/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Vault } from "../encryption/index.ts";
import type { RateLimiter } from "../rate-limit/index.ts";
import type { AdmissionQuestion } from "./admit-types.ts";
import { displayNameOf } from "./display-name.ts";
import { makePairingCode } from "./pairing-code.ts";
import type { PairingTable } from "./pairing-table.ts";
import type { KnownSender, PersonTable } from "./person-table.ts";
import { pairingText, replyLanguage } from "./stranger-texts.ts";
import type { Admission } from "./types.ts";

export interface StrangerDependencies {
  readonly storage: Pick<Storage, "transaction">;
  readonly vault: Pick<Vault, "createKey">;
  readonly people: PersonTable;
  readonly requests: PairingTable;
  readonly limiter: RateLimiter;
  readonly nowMs: () => number;
}

export interface StrangerOptions {
  /** How long a pairing code can be used. Default: one hour. */
  readonly pairingTtlMs?: number;
  /** Codes that may wait on one channel; one more takes the place of the oldest. Default: 10. */
  readonly pendingPerChannel?: number;
  /** Codes that may wait overall; one more takes the place of the oldest. Default: 40. */
  readonly pendingOverall?: number;
  /** How often one code is told before the gateway falls silent. Default: 2. */
  readonly repliesPerCode?: number;
}

type Refusal = Extract<Admission, { isAllowed: false }>;
type StrangerResult = { readonly isAllowed: true; readonly guest: KnownSender } | Refusal;

/** What becomes of a sender whom nobody knows: by the channel's policy a guest, a code, or silence. */
export function createStrangerDoor(dependencies: StrangerDependencies, options: StrangerOptions = {}) {
  const { storage, vault, people, requests, limiter, nowMs } = dependencies;
  const { pairingTtlMs = 3_600_000, pendingPerChannel = 10, pendingOverall = 40, repliesPerCode = 2 } = options;

  function refuse(reason: Refusal["reason"], explanation: string, reply?: string): Refusal {
    return { isAllowed: false, reason, explanation, ...(reply === undefined ? {} : { reply }) };
  }

  function isReplyLeft(channel: string): boolean {
    return limiter.take({ limit: "strangerReply", key: channel }).isAllowed;
  }

  function makeGuest({ sender }: AdmissionQuestion): StrangerResult {
    const limit = limiter.take({ limit: "newGuest", key: sender.channel });
    if (!limit.isAllowed) {
      const explanation = `too many new guests on ${sender.channel}: ${limit.retryAfterMs} ms to wait`;
      return { ...refuse("rate-limited", explanation), retryAfterMs: limit.retryAfterMs };
    }
    return storage.transaction(() => {
      const id = createId("person", nowMs());
      vault.createKey(id);
      people.insert({ id, role: "guest", name: displayNameOf(sender) ?? sender.address, origin: "anyone" });
      people.addIdentity(id, sender, "anyone", sender.isVerified);
      return { isAllowed: true, guest: { person: id, role: "guest", origin: "anyone", isBlocked: false } };
    });
  }

  /**
   * Drops the request that has waited longest where a bound is reached: strangers who never meant to be let in must not
   * keep others out. How fast codes can be pushed out is bounded by how many strangers are answered an hour.
   */
  function makeRoom(channel: string): void {
    const count = requests.count(channel);
    const isChannelFull = count.onChannel >= pendingPerChannel;
    if (!isChannelFull && count.overall < pendingOverall) return;
    const oldest = requests.oldest(isChannelFull ? channel : undefined);
    if (oldest !== undefined) requests.remove(oldest);
  }

  function offerCode(question: AdmissionQuestion, addressIndex: string): Refusal {
    const { sender } = question;
    requests.removeExpired(nowMs());
    const language = replyLanguage(question.language, question.text);
    const minutes = Math.round(pairingTtlMs / 60_000);
    const pending = requests.byAddress(addressIndex);
    if (pending !== undefined) {
      const explanation = `the sender was given a pairing code on ${sender.channel}, which nobody has approved yet`;
      if (pending.replies >= repliesPerCode || !isReplyLeft(sender.channel)) {
        return refuse("pairing-already-offered", explanation);
      }
      requests.countReply(pending.id);
      const minutesLeft = Math.max(1, Math.floor((pending.expiresMs - nowMs()) / 60_000));
      return refuse("pairing-already-offered", explanation, pairingText(language, pending.code, minutesLeft));
    }
    if (!isReplyLeft(sender.channel)) {
      return refuse(
        "unknown-sender",
        `nobody knows the sender, and ${sender.channel} has told strangers enough codes this hour`,
      );
    }
    makeRoom(sender.channel);
    const code = makePairingCode(randomBytes);
    requests.insert({
      id: `pair_${randomBytes(9).toString("hex")}`,
      channel: sender.channel,
      address: sender.address,
      addressIndex,
      displayName: displayNameOf(sender),
      language,
      code,
      requestedMs: nowMs(),
      expiresMs: nowMs() + pairingTtlMs,
    });
    const explanation = `${sender.channel} lets people in by pairing code: the sender was given one, valid for ${minutes} minutes`;
    return refuse("pairing-offered", explanation, pairingText(language, code, minutes));
  }

  return (question: AdmissionQuestion, addressIndex: string): StrangerResult => {
    const { sender, policy } = question;
    if (policy === "anyone") return makeGuest(question);
    if (policy === "closed") {
      return refuse("unknown-sender", `${sender.channel} is closed to people who are not on its list`);
    }
    if (!sender.isVerified) {
      return refuse(
        "unknown-sender",
        `${sender.channel} does not vouch for the sender's address, so no pairing code was given`,
      );
    }
    if (question.isGroup) {
      return refuse(
        "unknown-sender",
        `nobody knows the sender, and pairing codes are not told in groups (${sender.channel})`,
      );
    }
    return storage.transaction(() => offerCode(question, addressIndex));
  };
}

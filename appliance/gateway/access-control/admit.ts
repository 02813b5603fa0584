// SPDX-License-Identifier: AGPL-3.0-only
import type { Vault } from "../encryption/index.ts";
import type { RateDecision, RateDemand, RateLimiter } from "../rate-limit/index.ts";
import { type CleanResult, cleanText } from "../traffic-filter/index.ts";
import type { AdmissionQuestion } from "./admit-types.ts";
import type { Blocklist } from "./blocklist.ts";
import type { KnownSender, PersonTable } from "./person-table.ts";
import { rateLimitedText, replyLanguage, tooLargeText } from "./stranger-texts.ts";
import type { Admission, AdmissionReason, Sender } from "./types.ts";

export interface AdmitDependencies {
  readonly vault: Pick<Vault, "blindIndex">;
  readonly people: Pick<PersonTable, "addressIndex" | "findSender" | "findPerson">;
  readonly blocklist: Pick<Blocklist, "has">;
  readonly limiter: RateLimiter;
  readonly admitStranger: (
    question: AdmissionQuestion,
    addressIndex: string,
  ) => { readonly isAllowed: true; readonly guest: KnownSender } | Refusal;
}

type Refusal = Extract<Admission, { isAllowed: false }>;

/** The decision, who it was about when that is known, and whether nobody knew the sender. */
export interface AdmitResult {
  readonly admission: Admission;
  readonly person: KnownSender | undefined;
  readonly isStranger: boolean;
}

/**
 * The order of the questions: is the address blocked, is there room within the limits, is the text small enough and not
 * empty, and only then who may talk. Whatever none of them allows is refused.
 */
export function createAdmit(dependencies: AdmitDependencies, options: { readonly maxTextLength: number }) {
  const { vault, people, blocklist, limiter, admitStranger } = dependencies;

  function identify(question: AdmissionQuestion, addressIndex: string): KnownSender | undefined {
    const { sender, policy } = question;
    if (sender.authenticatedPerson !== undefined) return people.findPerson(sender.authenticatedPerson);
    const known = people.findSender(addressIndex);
    // A guest by `anyone` is one only as long as the channel says so.
    return known?.origin === "anyone" && policy !== "anyone" ? undefined : known;
  }

  function limitsOf(question: AdmissionQuestion, index: string, known: KnownSender | undefined): RateDecision {
    const { sender, conversation, policy } = question;
    if (sender.authenticatedPerson !== undefined) {
      return limiter.take({ limit: "authenticated", key: sender.authenticatedPerson });
    }
    const isGuest = known === undefined ? policy === "anyone" : known.origin === "anyone";
    const demands: RateDemand[] = [
      { limit: "channel", key: sender.channel },
      { limit: isGuest ? "guest" : "sender", key: index },
      { limit: "chat", key: vault.blindIndex("chat", JSON.stringify([sender.channel, conversation])) },
    ];
    if (known === undefined) demands.push({ limit: "stranger", key: sender.channel });
    return limiter.take(...demands);
  }

  function overLimit(question: AdmissionQuestion, index: string, known: KnownSender | undefined): Refusal | undefined {
    const limits = limitsOf(question, index, known);
    if (limits.isAllowed) return undefined;
    const { limit, retryAfterMs } = limits;
    const isTold = known !== undefined && limiter.take({ limit: "limitReply", key: index }).isAllowed;
    return {
      isAllowed: false,
      reason: "rate-limited",
      explanation: `over the limit "${limit}" of ${question.sender.channel}: ${retryAfterMs} ms to wait`,
      ...(isTold ? { reply: rateLimitedText(languageOf(question), retryAfterMs) } : {}),
      retryAfterMs,
    };
  }

  return (question: AdmissionQuestion): AdmitResult => {
    const { sender } = question;
    const vouchedIndex = people.addressIndex(sender);
    const isVouched = sender.isVerified || sender.authenticatedPerson !== undefined;
    const index = isVouched ? vouchedIndex : people.addressIndex(sender, false);
    const known = identify(question, index);
    const isKnown = known !== undefined;
    const refused = (admission: Refusal): AdmitResult => ({ admission, person: known, isStranger: !isKnown });
    if (known?.isBlocked === true || blocklist.has(vouchedIndex)) return refused(refusal("blocked", blockedBy(known)));
    if (sender.authenticatedPerson !== undefined && !isKnown) {
      return refused(refusal("unknown-sender", `person ${sender.authenticatedPerson} is not known any more`));
    }
    const tooMany = overLimit(question, index, known);
    if (tooMany !== undefined) return refused(tooMany);
    const cleaned = cleanText(question.text, options.maxTextLength);
    if (cleaned.kind !== "clean") return refused(unreadable(question, cleaned, isKnown));
    const stranger = known === undefined ? admitStranger(question, index) : undefined;
    if (stranger?.isAllowed === false) return refused(stranger);
    const person = known ?? stranger?.guest;
    if (person === undefined) return refused(refusal("unknown-sender", "no rule lets the sender in"));
    return { admission: allowed(sender, person, cleaned), person, isStranger: !isKnown };
  };
}

function refusal(reason: AdmissionReason, explanation: string): Refusal {
  return { isAllowed: false, reason, explanation };
}

function blockedBy(known: KnownSender | undefined): string {
  return known?.isBlocked === true ? `${known.person} is blocked` : "the sender's address is blocked";
}

function languageOf(question: AdmissionQuestion) {
  // The head of the text is enough to see its script, and its size is not known to be small yet.
  return replyLanguage(question.language, question.text.slice(0, 200));
}

function unreadable(
  question: AdmissionQuestion,
  cleaned: Exclude<CleanResult, { kind: "clean" }>,
  isKnown: boolean,
): Refusal {
  if (cleaned.kind === "empty") {
    const found = cleaned.findings.length === 0 ? "" : ` after cleaning (${cleaned.findings.join(", ")})`;
    return refusal("empty", `the message has no text${found}`);
  }
  const { length, maxLength } = cleaned;
  return {
    ...refusal("too-large", `the message has ${length} characters, ${maxLength} are taken`),
    ...(isKnown ? { reply: tooLargeText(languageOf(question), length, maxLength) } : {}),
  };
}

function allowed(sender: Sender, known: KnownSender, cleaned: Extract<CleanResult, { kind: "clean" }>): Admission {
  const { person, role } = known;
  const common = { isAllowed: true, person, role, text: cleaned.text, findings: cleaned.findings } as const;
  if (sender.authenticatedPerson !== undefined) {
    return { ...common, reason: "known-person", explanation: `${person} (${role}) is signed in` };
  }
  switch (known.origin) {
    case "anyone":
      return {
        ...common,
        reason: "anyone-reply-only",
        explanation: `${sender.channel} is open to anyone: ${person} is a guest`,
      };
    case "pairing":
      return { ...common, reason: "paired-by-code", explanation: `${person} (${role}) was let in by pairing code` };
    case "added":
      return {
        ...common,
        reason: "known-person",
        explanation: `${person} (${role}) is on the list of ${sender.channel}`,
      };
  }
}

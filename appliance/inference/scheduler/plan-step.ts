// SPDX-License-Identifier: AGPL-3.0-only

/** A running sequence as the planner sees it. */
export interface PlannedSequence {
  readonly sequence: number;
  readonly tenant: string;
  readonly priority: "interactive" | "background";
  /** Prompt tokens still to be read; 0: it decodes. */
  readonly prefillTokens: number;
  /** When it was admitted, monotonic milliseconds; for aging. */
  readonly admittedAtMs: number;
}

/** What the planner carries from step to step. */
export interface PlanState {
  readonly nowMs: number;
  readonly sequences: readonly PlannedSequence[];
  /** Tenant → prefill tokens it may still take before the others had theirs (deficit round robin). */
  readonly deficits: ReadonlyMap<string, number>;
}

/** How much fits into one step. */
export interface StepBudget {
  /** Tokens one batch can hold. */
  readonly batchTokens: number;
  /** Of these, how many may be prefill while sequences decode, so that their inter-token time holds. */
  readonly prefillTokens: number;
  /** A background sequence that waits longer than this is treated as interactive. */
  readonly agingMs: number;
}

export interface StepItem {
  readonly sequence: number;
  readonly tokens: number;
}

export interface StepPlan {
  readonly items: readonly StepItem[];
  readonly deficits: ReadonlyMap<string, number>;
}

interface Claim {
  readonly sequence: PlannedSequence;
  left: number;
  taken: number;
}

/** Deficit round robin (Shreedhar & Varghese 1995) of `room` tokens over the tenants of `claims`, first come first. */
function share(claims: Claim[], room: number, deficits: Map<string, number>): number {
  const tenants = [...new Set(claims.map((claim) => claim.sequence.tenant))];
  // The tenant that is owed most begins, so that a step too small for all is not always the same one's.
  tenants.sort((a, b) => (deficits.get(b) ?? 0) - (deficits.get(a) ?? 0));
  let left = room;
  while (left > 0 && tenants.length > 0) {
    const quantum = Math.max(1, Math.floor(left / tenants.length));
    for (const tenant of [...tenants]) {
      if (left === 0) break;
      const open = claims.filter((claim) => claim.sequence.tenant === tenant && claim.left > 0);
      const wanted = open.reduce((sum, claim) => sum + claim.left, 0);
      const granted = Math.min(quantum, wanted, left);
      let rest = granted;
      for (const claim of open) {
        const tokens = Math.min(claim.left, rest);
        claim.left -= tokens;
        claim.taken += tokens;
        rest -= tokens;
      }
      left -= granted;
      if (granted === wanted) tenants.splice(tenants.indexOf(tenant), 1);
    }
  }
  return left;
}

/** Who got less than an equal share of this step is owed the difference; what is owed evens out to zero. */
function settle(claims: readonly Claim[], deficits: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const tenants = [...new Set(claims.map((claim) => claim.sequence.tenant))];
  const waiting = tenants.filter((tenant) =>
    claims.some((claim) => claim.sequence.tenant === tenant && claim.left > 0),
  );
  if (waiting.length === 0) return new Map();
  const taken = (tenant: string): number =>
    claims.reduce((sum, claim) => sum + (claim.sequence.tenant === tenant ? claim.taken : 0), 0);
  const fair = tenants.reduce((sum, tenant) => sum + taken(tenant), 0) / tenants.length;
  return new Map(waiting.map((tenant) => [tenant, (deficits.get(tenant) ?? 0) + fair - taken(tenant)]));
}

/**
 * Decides what goes into the next step: one token for every decoding sequence, and prefill chunks within the budget,
 * shared over tenants; interactive before background, unless background has waited too long. Pure.
 */
export function planStep(state: PlanState, budget: StepBudget): StepPlan {
  const items: StepItem[] = [];
  const claims: Claim[] = [];
  for (const sequence of state.sequences) {
    if (sequence.prefillTokens > 0) claims.push({ sequence, left: sequence.prefillTokens, taken: 0 });
    else if (items.length < budget.batchTokens) items.push({ sequence: sequence.sequence, tokens: 1 });
  }
  if (claims.length === 0) return { items, deficits: new Map() };
  const room = budget.batchTokens - items.length;
  // With nobody decoding nobody is slowed down, and at least one token is read in any case: prefill cannot starve.
  const prefillRoom = items.length === 0 ? room : Math.min(room, Math.max(1, budget.prefillTokens));
  claims.sort((a, b) => a.sequence.admittedAtMs - b.sequence.admittedAtMs);
  const isUrgent = ({ sequence }: Claim): boolean =>
    sequence.priority === "interactive" || state.nowMs - sequence.admittedAtMs > budget.agingMs;
  const deficits = new Map(state.deficits);
  const left = share(claims.filter(isUrgent), prefillRoom, deficits);
  share(
    claims.filter((claim) => !isUrgent(claim)),
    left,
    deficits,
  );
  for (const claim of claims) {
    if (claim.taken > 0) items.push({ sequence: claim.sequence.sequence, tokens: claim.taken });
  }
  return { items, deficits: settle(claims, deficits) };
}

// SPDX-License-Identifier: AGPL-3.0-only

/** Who has been served how much; decides whose request is next. */
export interface TenantShares {
  /** A tenant has work again: what it did not use while away is not saved up. */
  arrive(tenant: string, isAnybodyElseActive: boolean): void;
  /** Tokens (prompt and completion) served to a tenant. */
  serve(tenant: string, tokens: number): void;
  /** Tokens served, in the counter's own scale. Less is sooner. */
  served(tenant: string): number;
  /** Forgets a tenant that has no work. */
  forget(activeTenants: ReadonlySet<string>): void;
}

/**
 * Virtual token counters (Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024): admit from the tenant
 * with the smallest counter; lift the counter of one that comes back to the smallest of those at work.
 */
export function createTenantShares(): TenantShares {
  const counters = new Map<string, number>();
  let floor = 0;
  return {
    arrive(tenant, isAnybodyElseActive) {
      const own = counters.get(tenant);
      if (!isAnybodyElseActive) {
        counters.set(tenant, own ?? floor);
        return;
      }
      let smallest = Number.POSITIVE_INFINITY;
      for (const [other, value] of counters) if (other !== tenant) smallest = Math.min(smallest, value);
      const lift = Number.isFinite(smallest) ? smallest : floor;
      counters.set(tenant, Math.max(own ?? 0, lift));
    },
    serve(tenant, tokens) {
      counters.set(tenant, (counters.get(tenant) ?? floor) + tokens);
    },
    served: (tenant) => counters.get(tenant) ?? floor,
    forget(activeTenants) {
      for (const [tenant, value] of counters) {
        if (activeTenants.has(tenant)) continue;
        floor = Math.max(floor, value);
        counters.delete(tenant);
      }
      if (activeTenants.size === 0) floor = 0;
    },
  };
}

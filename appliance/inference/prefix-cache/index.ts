// SPDX-License-Identifier: AGPL-3.0-only
export type { Placement, PlacementCandidate, PlacementRules } from "./choose-placement.ts";
export { choosePlacement } from "./choose-placement.ts";
export type { PrefixCache, PrefixCacheOptions } from "./prefix-cache.ts";
export { createPrefixCache } from "./prefix-cache.ts";
export type { RadixTree } from "./radix-tree.ts";
export { createRadixTree } from "./radix-tree.ts";

// SPDX-License-Identifier: AGPL-3.0-only
export type { ManualClock } from "./manual-clock.ts";
export { manualClock } from "./manual-clock.ts";
export { temporaryDirectory } from "./temporary-directory.ts";

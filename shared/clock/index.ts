// SPDX-License-Identifier: AGPL-3.0-only
export type { Clock, Timer } from "./clock.ts";
export { systemClock } from "./system-clock.ts";

// SPDX-License-Identifier: AGPL-3.0-only
export type { DeadLetter, Delivery, QueueCounts, QueueView } from "./create-queue-view.ts";
export { createQueueView } from "./create-queue-view.ts";

// SPDX-License-Identifier: AGPL-3.0-only
export type { DurableMessages, DurableMessagesOptions } from "./measure-durable-messages.ts";
export { measureDurableMessages } from "./measure-durable-messages.ts";

// SPDX-License-Identifier: AGPL-3.0-only
export type { MessageStep, StepObserver } from "./message-step.ts";
export { messageSteps } from "./message-step.ts";
export type { Service, ServiceHealth } from "./service.ts";

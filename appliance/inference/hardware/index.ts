// SPDX-License-Identifier: AGPL-3.0-only
export type { HardwareFacts, ReadSystemFile } from "./hardware-facts.ts";
export { memoryOf, quotaCores, readHardwareFacts } from "./hardware-facts.ts";
export type { HardwareFile, HardwareMeasurement } from "./hardware-file.ts";
export { createHardwareFile, measurementKey } from "./hardware-file.ts";
export { threadCandidates } from "./thread-candidates.ts";

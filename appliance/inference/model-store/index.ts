// SPDX-License-Identifier: AGPL-3.0-only
export type { ByteSource } from "./byte-cursor.ts";
export { withFileSource } from "./byte-cursor.ts";
export type { GgmlType } from "./ggml-types.ts";
export { ggmlTypes } from "./ggml-types.ts";
export type { GgufHeader, GgufMetadataValue, GgufTensorInfo } from "./gguf-reader.ts";
export { readGgufHeader } from "./gguf-reader.ts";
export type { ModelFacts } from "./model-facts.ts";
export { modelFacts } from "./model-facts.ts";
export type { InspectedModel, ListedModel, ModelStore, ModelStoreOptions } from "./model-store.ts";
export { createModelStore, guideModelId } from "./model-store.ts";
export type { ContextPlan, MemoryEstimate, PlanMemory, PlanWishes } from "./plan-context.ts";
export { estimateMemory, planContext } from "./plan-context.ts";

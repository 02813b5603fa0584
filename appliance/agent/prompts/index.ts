// SPDX-License-Identifier: AGPL-3.0-only
export { chooseBorder } from "./choose-border.ts";
export { withoutFences } from "./fence.ts";
export { buildGeneralPrompt } from "./general-prompt.ts";
export { buildGuidePrompt, shownTexts } from "./guide-prompt.ts";
export type { BuiltPrompt, PromptParts, TokenCounter } from "./prompt.ts";
export { systemPrompt } from "./system-prompt.ts";
export { tokenBound } from "./token-bound.ts";
export type { TokenRatios } from "./token-ratio.ts";
export { createTokenRatios } from "./token-ratio.ts";

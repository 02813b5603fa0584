// SPDX-License-Identifier: AGPL-3.0-only
export type { GuideMessage, GuidePassage } from "./guide-prompt.ts";
export { GUIDE_MAX_PASSAGES, GUIDE_UNKNOWN, guideUnknownFor, renderGuidePrompt } from "./guide-prompt.ts";

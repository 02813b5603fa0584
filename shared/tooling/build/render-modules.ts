// SPDX-License-Identifier: AGPL-3.0-only
import type { EmbeddedContent } from "../../../appliance/inference/native-runtime/index.ts";
import type { StagedConsoleFile } from "./stage-content.ts";

/** What the binary says it holds; `source` of each file is its name in the root of the binary. */
export interface EmbeddedContentPlan extends EmbeddedContent {
  readonly console: readonly StagedConsoleFile[];
}

/** The module that takes the place of `native-runtime/embedded-content.ts`. */
export function renderEmbeddedContentModule(plan: EmbeddedContentPlan): string {
  const { target, variant, addonVersion, native, models } = plan;
  return `const content = ${JSON.stringify({ target, variant, addonVersion, native, models })};
const place = (file) => ({ ...file, source: import.meta.dir + "/" + file.source });
export const embeddedContent = { ...content, native: content.native.map(place), models: content.models.map(place) };
`;
}

/** The module that takes the place of `console/load-console-assets.ts`. */
export function renderConsoleModule(files: readonly StagedConsoleFile[]): string {
  return `const files = ${JSON.stringify(files)};
export async function loadConsoleAssets() {
  const assets = new Map();
  for (const { path, contentType, source } of files) {
    assets.set(path, { bytes: await Bun.file(import.meta.dir + "/" + source).bytes(), contentType });
  }
  return assets;
}
`;
}

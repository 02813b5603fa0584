// SPDX-License-Identifier: AGPL-3.0-only

/** Bounds on what is taken in, so that a wrong folder or a hostile file cannot fill memory or time. */
export interface KnowledgeLimits {
  readonly maxFileBytes: number;
  readonly maxFolderFiles: number;
  readonly maxFolderDepth: number;
  readonly maxPassagesPerDocument: number;
  readonly maxPassages: number;
}

/** The bounds of the product. */
export const knowledgeLimits: KnowledgeLimits = {
  maxFileBytes: 4 * 1024 * 1024,
  maxFolderFiles: 2000,
  maxFolderDepth: 12,
  maxPassagesPerDocument: 5000,
  maxPassages: 50_000,
};

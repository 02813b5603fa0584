// SPDX-License-Identifier: AGPL-3.0-only

/** One file of the built console. */
export interface ConsoleAsset {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** The built console: path below the site's root (`index.html`, `assets/main-1a2b3c4d.js`) → file. */
export type ConsoleAssets = ReadonlyMap<string, ConsoleAsset>;

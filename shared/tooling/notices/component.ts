// SPDX-License-Identifier: AGPL-3.0-only

/** Something of somebody else's that is part of what Hearth ships. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX expression as declared, or a sentence for a native library. */
  readonly licence: string;
  readonly source: string;
  /** Its licence, in full. */
  readonly text: string;
}

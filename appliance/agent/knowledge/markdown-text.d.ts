// SPDX-License-Identifier: AGPL-3.0-only

/** Markdown imported `with { type: "text" }` is its text, in `bun` and in the compiled binary. */
declare module "*.md" {
  const text: string;
  export default text;
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Component } from "./component.ts";

/** The text of THIRD-PARTY-NOTICES: a list, then each licence in full. */
export function renderNotices(components: readonly Component[]): string {
  const list = components.map((one) => `- ${one.name} ${one.version}: ${one.licence}`);
  const sections = components.map(
    (one) =>
      `${"=".repeat(80)}\n${one.name} ${one.version}\n${one.source}\nLicence: ${one.licence}\n\n${tidy(one.text)}\n`,
  );
  return `Third-party notices of Hearth

The Hearth binary contains the following software of others. This file is generated from the record
of what the bundler put into the binary (npm run notices); do not edit it.

${list.join("\n")}

${sections.join("\n")}`;
}

function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t]+$/gm, "")
    .trim();
}

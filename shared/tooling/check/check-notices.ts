// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { toHearthError } from "../../errors/index.ts";
import { currentNotices } from "../notices/current-notices.ts";
import { isLicenceAllowed } from "../notices/is-licence-allowed.ts";
import { nativeComponents } from "../notices/native-components.ts";
import { renderNotices } from "../notices/render-notices.ts";

/**
 * Whether THIRD-PARTY-NOTICES says what the binary holds, and whether everything in it may be shipped.
 * @returns one sentence a problem
 */
export async function checkNotices(repositoryRoot: string): Promise<readonly string[]> {
  try {
    const components = await currentNotices(repositoryRoot);
    const problems = components
      .slice(nativeComponents.length)
      .filter((component) => !isLicenceAllowed(component.licence))
      .map(
        ({ name, version, licence }) => `${name} ${version} is in the binary under ${licence}, which we cannot ship`,
      );
    const path = join(repositoryRoot, "THIRD-PARTY-NOTICES");
    const written = existsSync(path) ? await readFile(path, "utf8") : "";
    if (written !== renderNotices(components)) problems.push("THIRD-PARTY-NOTICES is not current: npm run notices");
    return problems;
  } catch (thrown) {
    return [toHearthError(thrown).message];
  }
}

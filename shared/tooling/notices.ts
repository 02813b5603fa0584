// SPDX-License-Identifier: AGPL-3.0-only
// npm run notices: writes THIRD-PARTY-NOTICES from what the binary really holds.
import { join } from "node:path";
import { currentNotices } from "./notices/current-notices.ts";
import { renderNotices } from "./notices/render-notices.ts";

const repositoryRoot = join(import.meta.dir, "../..");
const components = await currentNotices(repositoryRoot);
await Bun.write(join(repositoryRoot, "THIRD-PARTY-NOTICES"), renderNotices(components));
console.log(`THIRD-PARTY-NOTICES: ${components.length} components`);

// SPDX-License-Identifier: AGPL-3.0-only
/** An engine child for tests: what `hearth --role=engine` is in the binary. */
import { runEngineChild } from "../../../appliance/inference/engine/index.ts";

await runEngineChild(process.argv.slice(2));

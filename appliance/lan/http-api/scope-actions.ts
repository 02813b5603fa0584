// SPDX-License-Identifier: AGPL-3.0-only
import { type Action, actions } from "../../gateway/access-control/index.ts";
import type { KeyScope } from "./schemas/keys.ts";

/** What each scope of a key covers; the role of the key's person has to allow it too. */
export const scopeActions: Readonly<Record<KeyScope, readonly Action[]>> = {
  models: ["model.use"],
  agent: ["message.send"],
  metrics: ["metrics.read"],
  read: actions.filter((action) => action.endsWith(".read")),
  admin: actions,
};

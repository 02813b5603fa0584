// SPDX-License-Identifier: AGPL-3.0-only
import type { OpenAiCaller } from "../openai-api/index.ts";
import type { Caller } from "./caller.ts";
import { decideFor } from "./decide-for.ts";

/** Who calls `/v1`: keys and the control socket. A browser's session is for the console, not for this. */
export function toOpenAiCaller(caller: Caller | null): OpenAiCaller | null {
  if (caller === null || caller.via === "session") return null;
  return {
    tenant: caller.tenant,
    person: caller.person.id,
    mayUseModels: decideFor(caller, "model.use").isAllowed,
    mayUseAgent: decideFor(caller, "message.send").isAllowed,
  };
}

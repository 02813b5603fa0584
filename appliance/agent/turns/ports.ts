// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import type { StepObserver } from "../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { Vault } from "../../gateway/encryption/index.ts";
import type { Engine } from "../../inference/engine/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { KnowledgeAnswer, SearchOptions } from "../knowledge/index.ts";

/** What the agent needs. */
export interface AgentDeps {
  readonly storage: Pick<Storage, "database" | "transaction" | "groupCommit">;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
  readonly engine: Pick<Engine, "generate" | "countTokens" | "defaultModel" | "status">;
  readonly knowledge: { search(question: string, options?: SearchOptions): KnowledgeAnswer };
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  /** Crash points of the fault tests. The agent passes `06-turn-written`; the others are passed by the router. */
  readonly reached: StepObserver;
}

/** Settings of the agent. */
export interface AgentOptions {
  /** IANA name of the time zone in which the model is told the day; default: that of the machine. */
  readonly timeZone?: string;
}

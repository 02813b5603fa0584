// SPDX-License-Identifier: AGPL-3.0-only
import gatewaySql from "./0001-gateway.sql" with { type: "text" };
import messagingSql from "./0002-messaging.sql" with { type: "text" };
import agentSql from "./0003-agent.sql" with { type: "text" };

/** One step of the schema. A released step never changes: what it did is recorded with its checksum. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** All steps, in the order in which they run. */
export const migrations: readonly Migration[] = [
  { number: 1, name: "gateway", sql: gatewaySql },
  { number: 2, name: "messaging", sql: messagingSql },
  { number: 3, name: "agent", sql: agentSql },
];

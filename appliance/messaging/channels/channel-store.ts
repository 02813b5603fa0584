// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { Clock } from "../../../shared/clock/index.ts";
import { HearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { ChannelPolicy } from "../../gateway/access-control/index.ts";
import type { ConnectionState } from "../protocol/index.ts";
import type { MessageStorage, MessageVault } from "../router/index.ts";
import type { ChannelErrorCode } from "./channel-error.ts";
import type { ChannelRecord } from "./channel-record.ts";
import { type ChannelRow, channelStatements } from "./channel-statements.ts";

/** The table of channels. Works on the data folder alone; nothing is started or stopped by it. */
export interface ChannelStore {
  list(): ChannelRecord[];
  find(name: string): ChannelRecord | undefined;
  /** @throws HearthError `channel-exists` */
  insert(record: Omit<ChannelRecord, "connection">): void;
  /** @throws HearthError `channel-unknown` */
  update(record: Omit<ChannelRecord, "connection">): void;
  /** Removes the channel, its protocol state, and gives up what waits to go out. @throws HearthError `channel-unknown` */
  remove(name: string): void;
  saveConnection(name: string, state: ConnectionState): void;
  /** Who may talk on a channel. What is not in the table (the channels inside the box) is `closed`. */
  policyOf(name: string): ChannelPolicy;
  /** Replies that are not settled, by channel. */
  pending(): ReadonlyMap<string, number>;
}

const place = (row: string, column: string) => ({ table: "channels", row, column });

/** That there is no channel of a name, with what to do. */
export function unknownChannel(name: string): HearthError<ChannelErrorCode> {
  return new HearthError({
    code: "channel-unknown",
    message: `there is no channel "${name}"`,
    remedy: "`hearth channel ls` lists the channels.",
    details: { name },
  });
}

/** Makes the {@link ChannelStore} over tables of migration 0002. */
export function createChannelStore(storage: MessageStorage, vault: MessageVault, clock: Clock): ChannelStore {
  const statements = channelStatements(storage.database);

  const toRecord = (row: ChannelRow): ChannelRecord => {
    const config = parseJson(
      vault.open("system", place(row.name, "config"), row.config),
      z.record(z.string(), z.unknown()),
      `the configuration of channel ${row.name}`,
    );
    const message =
      row.status_message === null
        ? {}
        : { message: vault.open("system", place(row.name, "status"), row.status_message) };
    const connection = {
      status: row.status,
      ...(row.status_code === null ? {} : { code: row.status_code }),
      ...message,
    };
    return { name: row.name, kind: row.kind, policy: row.policy, isEnabled: row.is_enabled === 1, config, connection };
  };
  const sealConfig = (record: Omit<ChannelRecord, "connection">): Uint8Array =>
    vault.seal("system", place(record.name, "config"), JSON.stringify(record.config));

  return {
    list: () => statements.list.all().map(toRecord),
    find(name) {
      const row = statements.find.get(name);
      return row === null ? undefined : toRecord(row);
    },
    insert(record) {
      const { name, kind, policy, isEnabled } = record;
      storage.transaction(() => {
        if (statements.find.get(name) !== null)
          throw new HearthError<ChannelErrorCode>({
            code: "channel-exists",
            message: `there is a channel "${name}" already`,
            remedy: "Choose another name, or change that channel.",
            details: { name },
          });
        statements.insert.run(name, kind, policy, sealConfig(record), isEnabled ? 1 : 0, clock.now());
      });
    },
    update(record) {
      const { name, policy, isEnabled } = record;
      storage.transaction(() => {
        const { changes } = statements.update.run(policy, sealConfig(record), isEnabled ? 1 : 0, clock.now(), name);
        if (changes === 0) throw unknownChannel(name);
      });
    },
    remove(name) {
      storage.transaction(() => {
        if (statements.remove.run(name).changes === 0) throw unknownChannel(name);
        statements.dropState.run(name);
        statements.giveUp.run(clock.now(), name);
      });
    },
    saveConnection(name, state) {
      const message = state.message === undefined ? null : vault.seal("system", place(name, "status"), state.message);
      storage.transaction(() =>
        statements.saveConnection.run(state.status, state.code ?? null, message, clock.now(), name),
      );
    },
    policyOf: (name) => statements.policy.get(name)?.policy ?? "closed",
    pending: () => new Map(statements.pending.all().map((row) => [row.channel, row.count])),
  };
}

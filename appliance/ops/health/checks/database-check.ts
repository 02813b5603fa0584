// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

export interface DatabaseCheckDeps {
  /** The lines of SQLite's `quick_check` that are not "ok". */
  readonly findProblems: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** Whether the database file is whole. */
export function databaseCheck({ findProblems }: DatabaseCheckDeps): DoctorCheck {
  return {
    id: "database",
    async run(signal) {
      const problems = await findProblems(signal);
      if (problems.length === 0) {
        return { status: "ok", what: { en: "The database is whole.", zh: "数据库完好。" } };
      }
      const first = problems[0] ?? "";
      return {
        status: "fail",
        what: {
          en: `The database is damaged in ${problems.length} place(s), first: ${first}.`,
          zh: `数据库有 ${problems.length} 处损坏，首处：${first}。`,
        },
        why: { en: "Messages could be lost or unreadable.", zh: "消息可能丢失或无法读取。" },
        fix: {
          en: "Stop the box, keep a copy of hearth.db, restore the latest backup, and check the disk.",
          zh: "停止设备，保留 hearth.db 的副本，恢复最近的备份，并检查磁盘。",
        },
      };
    },
  };
}

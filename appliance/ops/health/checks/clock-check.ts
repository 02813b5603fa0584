// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

export interface ClockFacts {
  readonly nowMs: number;
  /** When this version was built: an earlier clock is wrong for certain. */
  readonly builtMs: number;
  /** The latest time in the box's own records; null when there is none. */
  readonly latestRecordMs: number | null;
}

const toleranceMs = 5 * 60_000;

/** Whether the clock can be right. */
export function clockCheck({ read }: { readonly read: () => Promise<ClockFacts> | ClockFacts }): DoctorCheck {
  return {
    id: "clock",
    async run() {
      const { nowMs, builtMs, latestRecordMs } = await read();
      const now = new Date(nowMs).toISOString();
      const what = { en: `The clock says ${now}.`, zh: `时钟显示 ${now}。` };
      const earliestMs = Math.max(builtMs, latestRecordMs ?? 0) - toleranceMs;
      if (nowMs >= earliestMs) return { status: "ok", what };
      const known = new Date(earliestMs + toleranceMs).toISOString();
      return {
        status: "fail",
        what: {
          en: `The clock says ${now}, but it must be later than ${known}.`,
          zh: `时钟显示 ${now}，但现在一定晚于 ${known}。`,
        },
        why: {
          en: "Certificates, sign-in links and keys are refused or last too long under a wrong clock.",
          zh: "时钟错误时，证书、登录链接和密钥会被拒绝或有效期过长。",
        },
        fix: { en: "Set the clock, or switch on network time.", zh: "请校正时钟，或开启网络时间同步。" },
      };
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

export interface ThreadsFacts {
  /** Cores this process may use. */
  readonly cores: number;
  /** Threads that the engine decodes with; null while it does not run or the GPU decodes. */
  readonly threads: number | null;
  /** Whether the number was measured on this machine. */
  readonly isMeasured: boolean;
}

/** Whether the engine uses the cores well. */
export function threadsCheck({ read }: { readonly read: () => Promise<ThreadsFacts> | ThreadsFacts }): DoctorCheck {
  return {
    id: "threads",
    async run() {
      const { cores, threads, isMeasured } = await read();
      if (threads === null) {
        return { status: "ok", what: { en: `${cores} cores may be used.`, zh: `可使用 ${cores} 个核心。` } };
      }
      const what = {
        en: `The engine decodes with ${threads} of ${cores} cores${isMeasured ? ", as measured on this machine" : ""}.`,
        zh: `引擎使用 ${cores} 个核心中的 ${threads} 个${isMeasured ? "，由本机实测得出" : ""}。`,
      };
      if (threads <= cores && isMeasured) return { status: "ok", what };
      return {
        status: "warn",
        what,
        why: {
          en: "A number of threads that was not measured, or is above the cores, can halve the speed.",
          zh: "线程数未经实测或超过核心数，速度可能减半。",
        },
        fix: { en: "Restart the box: it measures when it starts.", zh: "请重启设备，启动时会重新测量。" },
      };
    },
  };
}

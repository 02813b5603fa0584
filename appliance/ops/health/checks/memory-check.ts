// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";
import { formatBytes } from "../format-bytes.ts";

export interface MemoryFacts {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** Below this the system begins to kill or swap. */
const scarceBytes = 256 * 1024 ** 2;

/** Whether memory is left. */
export function memoryCheck({ read }: { readonly read: () => Promise<MemoryFacts> | MemoryFacts }): DoctorCheck {
  return {
    id: "memory",
    async run() {
      const { totalBytes, availableBytes } = await read();
      const [available, total] = [formatBytes(availableBytes), formatBytes(totalBytes)];
      const what = { en: `${available} of ${total} memory is available.`, zh: `可用内存 ${available}，共 ${total}。` };
      if (availableBytes >= Math.max(scarceBytes, totalBytes * 0.05)) return { status: "ok", what };
      return {
        status: "warn",
        what,
        why: {
          en: "The system may end the box's processes to make room.",
          zh: "系统可能会为腾出内存而结束设备的进程。",
        },
        fix: { en: "Close other programs, or use a smaller model.", zh: "关闭其他程序，或使用更小的模型。" },
      };
    },
  };
}

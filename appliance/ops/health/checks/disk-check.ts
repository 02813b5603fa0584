// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";
import { formatBytes } from "../format-bytes.ts";

export interface DiskFacts {
  /** Free for this user, on the file system of the data folder. */
  readonly freeBytes: number;
}

const tightBytes = 2 * 1024 ** 3;
const fullBytes = 200 * 1024 ** 2;

/** Whether the disk has room. */
export function diskCheck({ read }: { readonly read: () => Promise<DiskFacts> | DiskFacts }): DoctorCheck {
  return {
    id: "disk",
    async run() {
      const { freeBytes } = await read();
      const free = formatBytes(freeBytes);
      const what = { en: `${free} is free on the disk of the data folder.`, zh: `数据文件夹所在磁盘剩余 ${free}。` };
      if (freeBytes >= tightBytes) return { status: "ok", what };
      return {
        status: freeBytes < fullBytes ? "fail" : "warn",
        what,
        why: {
          en: "On a full disk no message can be taken in: senders are not answered until there is room.",
          zh: "磁盘写满后无法接收消息：在腾出空间之前，发送者得不到回答。",
        },
        fix: {
          en: "Free some space; 'hearth model ls' shows models that 'hearth model rm' can remove.",
          zh: "请清理空间；hearth model ls 会列出可用 hearth model rm 删除的模型。",
        },
      };
    },
  };
}

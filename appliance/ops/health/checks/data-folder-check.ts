// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

/** One file or folder of the data folder. */
export interface FileFacts {
  /** Relative to the data folder; "." is the folder itself. */
  readonly path: string;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  readonly isOwnedByBox: boolean;
}

/** Whether only the box can read its data. */
export function dataFolderCheck({ read }: { readonly read: () => Promise<readonly FileFacts[]> }): DoctorCheck {
  return {
    id: "data-folder",
    async run() {
      const files = await read();
      const open = files.filter(({ mode, isOwnedByBox }) => (mode & 0o077) !== 0 || !isOwnedByBox);
      if (open.length === 0) {
        return {
          status: "ok",
          what: { en: "Only the box can read its data folder.", zh: "只有设备本身能读取数据文件夹。" },
        };
      }
      const names = open.map(({ path, mode }) => `${path} (${mode.toString(8).padStart(4, "0")})`).join(", ");
      return {
        status: "fail",
        what: { en: `Others can read or own: ${names}.`, zh: `其他用户可以读取或拥有：${names}。` },
        why: {
          en: "Another user of this machine could copy the key and the conversations.",
          zh: "本机的其他用户可能复制密钥和对话。",
        },
        fix: {
          en: "As the user the box runs as: chmod 700 the data folder and its folders, chmod 600 the files in it.",
          zh: "以运行设备的用户身份，将数据文件夹及其子文件夹设为 700，其中的文件设为 600。",
        },
      };
    },
  };
}

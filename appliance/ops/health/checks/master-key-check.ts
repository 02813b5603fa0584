// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

/** Where the master key comes from, and whether it opens the store. */
export type MasterKeyFacts =
  | { readonly isUsable: true; readonly source: "file" | "passphrase" }
  | { readonly isUsable: false; readonly problem: string };

/** Whether what is sealed can be opened. */
export function masterKeyCheck({
  read,
}: {
  readonly read: () => Promise<MasterKeyFacts> | MasterKeyFacts;
}): DoctorCheck {
  return {
    id: "master-key",
    async run() {
      const facts = await read();
      if (facts.isUsable) {
        const source =
          facts.source === "file" ? { en: "a key file", zh: "密钥文件" } : { en: "a passphrase", zh: "口令" };
        const en = `The data is sealed under ${source.en}. Keep a copy apart from the box.`;
        return { status: "ok", what: { en, zh: `数据由${source.zh}加密。请在设备之外保存一份。` } };
      }
      return {
        status: "fail",
        what: { en: `The master key cannot be used: ${facts.problem}.`, zh: `主密钥无法使用：${facts.problem}。` },
        why: { en: "Without it nothing that was stored can be read.", zh: "没有它，任何已存储的内容都无法读取。" },
        fix: {
          en: "Put the right master.key back into the data folder, with mode 600, or restore a backup.",
          zh: "将正确的 master.key 放回数据文件夹并设权限为 600，或恢复备份。",
        },
      };
    },
  };
}

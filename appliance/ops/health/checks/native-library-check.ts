// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

/** Whether the native inference library was unpacked, is as it was shipped, and loads. */
export type NativeLibraryFacts =
  | { readonly isUsable: true; readonly backend: string; readonly version: string }
  | { readonly isUsable: false; readonly problem: string };

export interface NativeLibraryCheckDeps {
  /** With `HEARTH_BACKEND=openai:…` the box uses no native library: null. */
  readonly read: () => Promise<NativeLibraryFacts | null>;
}

/** The inference library. */
export function nativeLibraryCheck({ read }: NativeLibraryCheckDeps): DoctorCheck {
  return {
    id: "native-library",
    async run() {
      const facts = await read();
      if (facts === null) {
        const en = "Answers come from another server; no native library is used.";
        return { status: "ok", what: { en, zh: "由另一台服务器回答，不使用本机推理库。" } };
      }
      if (facts.isUsable) {
        const { backend, version } = facts;
        const en = `The inference library loads (${backend}, ${version}).`;
        return { status: "ok", what: { en, zh: `推理库可以加载（${backend}，${version}）。` } };
      }
      return {
        status: "fail",
        what: {
          en: `The inference library does not load: ${facts.problem}.`,
          zh: `推理库无法加载：${facts.problem}。`,
        },
        why: { en: "Without it the box cannot run a model.", zh: "没有它，设备无法运行模型。" },
        fix: {
          en: "Delete the folder 'native' in the data folder and start again; the box unpacks it anew.",
          zh: "删除数据文件夹中的 native 文件夹后重新启动，设备会重新解压。",
        },
      };
    },
  };
}

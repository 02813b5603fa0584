// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

/** The model that answers. */
export interface ModelFacts {
  readonly model: string | null;
  readonly isGuide: boolean;
  readonly state: "starting" | "ready" | "restarting" | "down" | "not-running";
  readonly problem?: string;
}

/** Whether a model answers. */
export function modelCheck({ read }: { readonly read: () => Promise<ModelFacts> | ModelFacts }): DoctorCheck {
  return {
    id: "model",
    async run() {
      const { model, isGuide, state, problem } = await read();
      const name = model ?? "?";
      if (state === "ready" || state === "not-running") {
        if (isGuide) {
          return {
            status: "ok",
            what: {
              en: "The built-in guide answers, out of the handbook and the documents you add, and nothing else.",
              zh: "由内置向导回答，仅依据手册和您添加的文档。",
            },
          };
        }
        return { status: "ok", what: { en: `The model '${name}' is set.`, zh: `已设置模型“${name}”。` } };
      }
      if (state === "starting" || state === "restarting") {
        return {
          status: "warn",
          what: { en: `The model '${name}' is being loaded.`, zh: `正在加载模型“${name}”。` },
          why: { en: "Messages wait until it is ready; none is lost.", zh: "消息会等待模型就绪，不会丢失。" },
          fix: { en: "Wait a moment and look again.", zh: "请稍候再看。" },
        };
      }
      const detail = problem ?? "?";
      return {
        status: "fail",
        what: { en: `The model '${name}' does not run: ${detail}.`, zh: `模型“${name}”没有运行：${detail}。` },
        why: { en: "Nobody gets an answer; messages are kept and wait.", zh: "没有人能得到回答；消息会保留并等待。" },
        fix: {
          en: "Choose another model with 'hearth model use', or 'hearth model use guide' for the built-in one.",
          zh: "用 hearth model use 选择另一个模型，或用 hearth model use guide 使用内置向导。",
        },
      };
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Role } from "../../gateway/access-control/index.ts";
import type { Language } from "../knowledge/index.ts";
import type { CommandName } from "./parse-command.ts";

/** What `/status` says, as values. */
export interface StatusFacts {
  /** Absent: no model can be reached. */
  readonly model?: string;
  readonly isGuide: boolean;
  readonly engineState: "starting" | "ready" | "restarting" | "down";
  readonly runningSequences: number;
  readonly queuedRequests: number;
  readonly maxSequences: number;
  readonly decodeTokensPerSecond: number;
  /** Messages of this session that the next prompt shows. */
  readonly rememberedTurns: number;
  readonly isHistoryShortened: boolean;
  /** Absent: the language of each question. */
  readonly language?: Language;
}

const staff: readonly Role[] = ["owner", "operator"];
const usage: Readonly<Record<CommandName, string>> = {
  help: "/help",
  new: "/new",
  stop: "/stop",
  status: "/status",
  lang: "/lang en · /lang zh · /lang auto",
};

const en = {
  help: (role: Role, isGuide: boolean): string =>
    [
      isGuide
        ? "I am Hearth, an assistant that runs on a box here. Right now a very small guide model answers: only out of the handbook and the documents that the owner added."
        : "I am Hearth, an assistant that runs on a box here. Ask me anything as an ordinary message.",
      "",
      "/new – start a fresh conversation",
      "/stop – stop the answer that is being written",
      "/status – which model answers, and whether the box is busy",
      "/lang en, /lang zh, /lang auto – the language of my answers",
      "/help – this list",
      ...(staff.includes(role) ? ["", "To manage the box open the console: run `hearth open` on it."] : []),
    ].join("\n"),
  new: "A fresh conversation. I no longer look at the earlier messages.",
  stopped: "Stopped.",
  nothingToStop: "No answer is being written.",
  wrongArgument: (name: CommandName) => `I did not understand that. Use it like this: ${usage[name]}`,
  unknown: (word: string) => `There is no command /${word}. /help lists the commands.`,
  language: (language: Language | undefined): string =>
    language === undefined ? "I answer in the language of each question." : "I answer in English from now on.",
  status: (facts: StatusFacts, role: Role): string => {
    const busy = facts.queuedRequests > 0 || facts.runningSequences >= facts.maxSequences;
    const states = {
      ready: busy ? "busy" : "ready",
      starting: "starting",
      restarting: "restarting",
      down: "not available",
    };
    const lines = [
      `Model: ${facts.model ?? "none"}${facts.isGuide ? " (guide: answers only from its documents)" : ""}`,
      `Engine: ${states[facts.engineState]}`,
      `This conversation: ${facts.rememberedTurns} earlier ${facts.rememberedTurns === 1 ? "answer" : "answers"} in view${facts.isHistoryShortened ? "; older messages are left out" : ""}`,
      `Language: ${facts.language === undefined ? "that of each question" : facts.language === "en" ? "English" : "Chinese"}`,
    ];
    if (staff.includes(role)) {
      const speed = facts.decodeTokensPerSecond.toFixed(1);
      lines.push(
        `Load: ${facts.runningSequences} of ${facts.maxSequences} running, ${facts.queuedRequests} waiting, ${speed} tokens/s`,
      );
    }
    return lines.join("\n");
  },
};

const zh: typeof en = {
  help: (role, isGuide) =>
    [
      isGuide
        ? "我是 Hearth，运行在这里一台设备上的助手。现在由一个很小的向导模型回答：只根据使用手册和主人添加的文档。"
        : "我是 Hearth，运行在这里一台设备上的助手。像普通消息一样提问就行。",
      "",
      "/new – 开始新的对话",
      "/stop – 停止正在写的回答",
      "/status – 哪个模型在回答，设备忙不忙",
      "/lang zh、/lang en、/lang auto – 回答使用的语言",
      "/help – 这份列表",
      ...(staff.includes(role) ? ["", "要管理设备请打开控制台：在设备上运行 `hearth open`。"] : []),
    ].join("\n"),
  new: "已开始新的对话，以前的消息不再使用。",
  stopped: "已停止。",
  nothingToStop: "现在没有正在写的回答。",
  wrongArgument: (name) => `没有看懂。请这样使用：${usage[name]}`,
  unknown: (word) => `没有 /${word} 这个命令。发送 /help 查看全部命令。`,
  language: (language) => (language === undefined ? "我用提问的语言回答。" : "从现在起我用中文回答。"),
  status: (facts, role) => {
    const busy = facts.queuedRequests > 0 || facts.runningSequences >= facts.maxSequences;
    const states = { ready: busy ? "繁忙" : "就绪", starting: "正在启动", restarting: "正在重启", down: "不可用" };
    const lines = [
      `模型：${facts.model ?? "无"}${facts.isGuide ? "（向导模型，只根据文档回答）" : ""}`,
      `引擎：${states[facts.engineState]}`,
      `本次对话：记着之前 ${facts.rememberedTurns} 次问答${facts.isHistoryShortened ? "，更早的消息已不再使用" : ""}`,
      `语言：${facts.language === undefined ? "跟随提问" : facts.language === "en" ? "英文" : "中文"}`,
    ];
    if (staff.includes(role)) {
      const speed = facts.decodeTokensPerSecond.toFixed(1);
      lines.push(
        `负载：运行 ${facts.runningSequences}/${facts.maxSequences}，排队 ${facts.queuedRequests}，每秒 ${speed} 词元`,
      );
    }
    return lines.join("\n");
  },
};

/** What commands answer, in both languages. */
export const commandTexts: Readonly<Record<Language, typeof en>> = { en, zh };

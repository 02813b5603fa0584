// SPDX-License-Identifier: AGPL-3.0-only
import type { DoctorCheck } from "../doctor-types.ts";

/** One channel that is switched on. */
export interface ChannelFacts {
  readonly name: string;
  readonly status: "offline" | "connecting" | "online" | "degraded" | "locked" | "logged-out";
  readonly message?: string;
}

/** Whether people can reach the box. */
export function channelsCheck({
  read,
}: {
  readonly read: () => Promise<readonly ChannelFacts[]> | readonly ChannelFacts[];
}): DoctorCheck {
  return {
    id: "channels",
    async run() {
      const channels = await read();
      const failing = channels.filter(({ status }) => status !== "online");
      if (failing.length === 0) {
        const en = channels.length === 0 ? "No channel is switched on." : `All ${channels.length} channels are online.`;
        const zh = channels.length === 0 ? "没有启用任何渠道。" : `全部 ${channels.length} 个渠道在线。`;
        return { status: "ok", what: { en, zh } };
      }
      const names = failing.map(({ name, status, message }) => `${name} (${message ?? status})`).join(", ");
      const isLost = failing.some(({ status }) => status === "locked" || status === "logged-out");
      return {
        status: isLost ? "fail" : "warn",
        what: { en: `Not online: ${names}.`, zh: `未在线：${names}。` },
        why: {
          en: "Messages there wait at the other side until the connection is back; answers wait here.",
          zh: "在连接恢复之前，那边的消息在对方等待，回答在这里等待。",
        },
        fix: {
          en: isLost
            ? "Give the channel new credentials in the console, under Channels."
            : "Check the network and the channel's address; the box keeps trying.",
          zh: isLost ? "请在控制台的“渠道”中更新该渠道的凭据。" : "检查网络和渠道地址；设备会继续重试。",
        },
      };
    },
  };
}

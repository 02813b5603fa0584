// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Channel } from "../../../http-api/index.ts";
import { useTexts } from "../app/use-texts.ts";
import { Badge, type Tone } from "../ui/badge.tsx";
import { channelsTexts } from "./channels-texts.ts";

/** A channel's connection, in a word. */
export function ChannelState(props: { readonly channel: Channel }): JSX.Element {
  const texts = useTexts(channelsTexts);
  if (!props.channel.isEnabled) return <Badge tone="neutral">{texts.paused}</Badge>;
  const said: Record<Channel["connection"]["status"], readonly [Tone, string]> = {
    online: ["good", texts.online],
    connecting: ["neutral", texts.connecting],
    degraded: ["warn", texts.degraded],
    offline: ["bad", texts.offline],
    locked: ["bad", texts.locked],
    "logged-out": ["bad", texts.loggedOut],
  };
  const [tone, text] = said[props.channel.connection.status];
  return <Badge tone={tone}>{text}</Badge>;
}

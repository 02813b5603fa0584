// SPDX-License-Identifier: AGPL-3.0-only
import { type Logger, silentLogger } from "../../../shared/logging/index.ts";
import { type Audit, createAudit } from "../audit/index.ts";
import { openTestBox, type TestBox } from "../encryption/testing.ts";
import { createRateLimiter, type RateLimiterOptions } from "../rate-limit/index.ts";
import type { AdmissionQuestion } from "./admit-types.ts";
import { createGateway, type Gateway, type GatewayOptions } from "./create-gateway.ts";
import type { Admission, ChannelPolicy, Sender } from "./types.ts";

/** A gateway on a fresh database. */
export interface TestGateway extends Disposable {
  readonly box: TestBox;
  readonly audit: Audit;
  readonly gateway: Gateway;
  /** Says `text` as `address` on `xmpp`. */
  say(
    address: string,
    policy: ChannelPolicy,
    more?: Partial<Omit<AdmissionQuestion, "sender">> & { readonly sender?: Partial<Sender> },
  ): Admission;
}

/** For tests: `using test = openTestGateway()`. */
export function openTestGateway(
  options: GatewayOptions & RateLimiterOptions & { readonly logger?: Logger } = {},
): TestGateway {
  const box = openTestBox();
  const audit = createAudit({ ...box, nowMs: box.clock.now });
  const limiter = createRateLimiter(box.clock, options);
  const gateway = createGateway({ ...box, audit, limiter, logger: options.logger ?? silentLogger }, options);
  return {
    box,
    audit,
    gateway,
    say(address, policy, more = {}) {
      const { sender, ...rest } = more;
      return gateway.admit({
        sender: { channel: "xmpp", address, isVerified: true, ...sender },
        policy,
        conversation: address,
        isGroup: false,
        text: "hello",
        ...rest,
      });
    },
    [Symbol.dispose]() {
      gateway.close();
      box[Symbol.dispose]();
    },
  };
}

/** The pairing code in a reply to a stranger. */
export function codeIn(admission: Admission): string {
  const reply = admission.isAllowed ? undefined : admission.reply;
  return /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(reply ?? "")?.[0] ?? "no code in the reply";
}

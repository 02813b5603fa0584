// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import { isBlockedAddress } from "../../protocol/index.ts";
import { isPlainHttpAllowed } from "./is-plain-http-allowed.ts";

/** The configuration of a webhook channel. */
export const webhookConfigSchema = z.strictObject({
  /** Shared with the other side; signs both ways. At best 32 random characters. */
  secret: z.string().min(1).max(512).meta({ format: "password", description: "Shared secret that signs both ways" }),
  /**
   * Where replies are posted. The owner chooses it, so it may be on the private network; plain `http` is allowed only
   * there. Redirects are not followed.
   */
  callback: z
    .string()
    .max(2048)
    .refine(
      (text) => !URL.canParse(text) || !isBlockedAddress(new URL(text).hostname),
      "not an unspecified, link-local, multicast or cloud metadata address",
    )
    .refine(isCallbackUrl, "an https URL, or http to this machine or the private network, without a user name")
    .meta({ format: "uri", description: "URL that replies are posted to" }),
  /** Requests a second that are taken for long; ten times as many at once. */
  requestsPerSecond: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .meta({ description: "Requests a second that are taken for long; ten times as many at once" }),
});
export type WebhookConfig = z.infer<typeof webhookConfigSchema>;

function isCallbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isPlainHttpAllowed(url.hostname));
}

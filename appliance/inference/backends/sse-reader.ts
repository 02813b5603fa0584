// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";

/** Bounds for a stream of a server that we do not control. */
export interface SseLimits {
  readonly maxEventBytes: number;
  readonly maxTotalBytes: number;
}

function broken(message: string): HearthError {
  return new HearthError({ code: "engine-unavailable", message });
}

/**
 * The `data` of each server-sent event of a body, in order (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Comments and other fields are left out.
 * @throws HearthError `engine-unavailable` when a bound is exceeded.
 */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
  limits: SseLimits,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  let data: string[] = [];
  let totalBytes = 0;
  const line = function* (text: string): Generator<string> {
    if (text === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (text.startsWith("data:")) data.push(text.slice(text.startsWith("data: ") ? 6 : 5));
  };
  for await (const bytes of body) {
    totalBytes += bytes.length;
    if (totalBytes > limits.maxTotalBytes) throw broken(`the server sent more than ${limits.maxTotalBytes} bytes`);
    held += decoder.decode(bytes, { stream: true });
    const lines = held.split(/\r\n|\n|\r(?!$)/);
    held = lines.pop() ?? "";
    for (const text of lines) yield* line(text);
    const waiting = held.length + data.reduce((sum, text) => sum + text.length, 0);
    if (waiting > limits.maxEventBytes)
      throw broken(`the server sent an event of more than ${limits.maxEventBytes} bytes`);
  }
  yield* line(held.replace(/\r$/, ""));
  yield* line("");
}

/** A whole body as text, cut off (and the connection ended) at `mostBytes`. */
export async function readBounded(response: Response, mostBytes: number): Promise<string> {
  if (response.body === null) return "";
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of response.body) {
    parts.push(bytes);
    size += bytes.length;
    if (size > mostBytes) throw broken(`the server sent more than ${mostBytes} bytes`);
  }
  return Buffer.concat(parts).toString("utf8");
}

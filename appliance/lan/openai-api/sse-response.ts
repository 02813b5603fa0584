// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { HearthError } from "../../../shared/errors/index.ts";

const heartbeat = new TextEncoder().encode(": still here\n\n");

/** What keeps a stream of server-sent events alive and says that its reader left. */
export interface SseOptions {
  readonly clock: Clock;
  /** Sends a comment at once: the status line leaves with the first byte, so a quiet stream would look dead. */
  readonly isQuiet: boolean;
  /** A comment is sent after this long without an event. */
  readonly heartbeatMs: number;
  /** A client that takes nothing for this long has lost its stream. */
  readonly stallMs: number;
  /** The client went away, or the stream ended. Called once. */
  readonly onClosed: () => void;
}

/**
 * Server-sent events out of ready-made frames. The next frame is asked for only when the socket took the one before:
 * a client that does not read holds one frame, not the answer.
 */
export function sseResponse(frames: AsyncIterable<string>, options: SseOptions): Response {
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // Tells nginx and its kind not to collect the stream.
    "x-accel-buffering": "no",
  };
  return new Response(createFrameStream(frames, options), { headers });
}

function createFrameStream(frames: AsyncIterable<string>, options: SseOptions): ReadableStream<Uint8Array> {
  const { clock, heartbeatMs } = options;
  const iterator = frames[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let lastWriteMs = clock.monotonicMs();
  let isWanted = false;
  let isClosed = false;
  let timer = clock.after(heartbeatMs, () => undefined);
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    timer.cancel();
    options.onClosed();
  };
  const beat = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    timer.cancel();
    timer = clock.after(heartbeatMs, () => {
      if (isClosed) return;
      const quietMs = clock.monotonicMs() - lastWriteMs;
      if (!isWanted && quietMs >= options.stallMs) {
        close();
        void iterator.return?.();
        controller.error(new HearthError({ code: "stream-stalled", message: "the client takes nothing" }));
        return;
      }
      if (isWanted && quietMs >= heartbeatMs) controller.enqueue(heartbeat);
      beat(controller);
    });
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (options.isQuiet) controller.enqueue(heartbeat);
        beat(controller);
      },
      async pull(controller) {
        isWanted = true;
        const result = await iterator.next();
        isWanted = false;
        if (isClosed) return;
        if (result.done === true) {
          close();
          controller.close();
          return;
        }
        lastWriteMs = clock.monotonicMs();
        controller.enqueue(encoder.encode(result.value));
      },
      cancel() {
        close();
        void iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

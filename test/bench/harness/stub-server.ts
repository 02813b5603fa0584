// SPDX-License-Identifier: AGPL-3.0-only
/**
 * A zero-delay OpenAI-compatible server: it streams a fixed reply in fixed chunks and does no work, so that what a
 * client waits for is the overhead of the product in front of it. Run it by itself and point any product at it:
 *
 *   bun test/bench/harness/stub-server.ts [--port N] [--chunks 20] [--delay-ms 0]
 *
 * `GET /stub/last` returns the last request's messages and how many characters they have; `GET /stub/count` how many came.
 */
import { parseArgs } from "node:util";

const model = "stub";

/** Starts the stub; port 0 picks a free one. */
export function startStub(options: { readonly port: number; readonly chunks: number; readonly delayMs: number }): {
  readonly port: number;
  stop(): void;
} {
  let last: unknown = null;
  let count = 0;
  const server = Bun.serve({
    port: options.port,
    hostname: "127.0.0.1",
    idleTimeout: 120,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/v1/models")
        return Response.json({ object: "list", data: [{ id: model, object: "model", created: 0, owned_by: "stub" }] });
      if (pathname === "/stub/last") return Response.json(last);
      if (pathname === "/stub/count") return Response.json({ count });
      if (pathname !== "/v1/chat/completions") return new Response("not found", { status: 404 });
      const body = (await request.json()) as { stream?: boolean; messages?: unknown };
      last = body;
      count += 1;
      return body.stream === true ? streamReply(options.chunks, options.delayMs) : wholeReply(options.chunks);
    },
  });
  return { port: server.port ?? 0, stop: () => void server.stop(true) };
}

function chunk(delta: Record<string, string>, finishReason: string | null): string {
  const value = {
    id: "stub",
    object: "chat.completion.chunk",
    created: 0,
    model,
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
  return `data: ${JSON.stringify(value)}\n\n`;
}

function streamReply(chunks: number, delayMs: number): Response {
  const encoder = new TextEncoder();
  const usage = `data: ${JSON.stringify({ id: "stub", object: "chat.completion.chunk", created: 0, model, choices: [], usage: { prompt_tokens: 10, completion_tokens: chunks, total_tokens: 10 + chunks } })}\n\n`;
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string): void => controller.enqueue(encoder.encode(text));
      send(chunk({ role: "assistant", content: "" }, null));
      for (let index = 0; index < chunks; index += 1) {
        if (delayMs > 0) await Bun.sleep(delayMs);
        send(chunk({ content: `word${index} ` }, null));
      }
      send(`${chunk({}, "stop")}${usage}data: [DONE]\n\n`);
      controller.close();
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}

function wholeReply(chunks: number): Response {
  const content = Array.from({ length: chunks }, (_, index) => `word${index} `).join("");
  return Response.json({
    id: "stub",
    object: "chat.completion",
    created: 0,
    model,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: chunks, total_tokens: 10 + chunks },
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      chunks: { type: "string", default: "20" },
      "delay-ms": { type: "string", default: "0" },
    },
  });
  const stub = startStub({
    port: Number(values.port),
    chunks: Number(values.chunks),
    delayMs: Number(values["delay-ms"]),
  });
  process.stdout.write(`${JSON.stringify({ port: stub.port })}\n`);
}

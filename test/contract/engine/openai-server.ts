// SPDX-License-Identifier: AGPL-3.0-only
import type {
  ChatMessage,
  Engine,
  EngineErrorCode,
  GenerateEvent,
  GenerateRequest,
} from "../../../appliance/inference/engine/index.ts";

/** What the stub reads of a request; only our own client talks to it. */
interface Body {
  readonly model: string;
  readonly messages?: readonly { role: ChatMessage["role"]; content: string }[];
  readonly prompt?: string;
  readonly max_tokens?: number;
  readonly stop?: string[];
  readonly temperature?: number;
  readonly top_k?: number;
  readonly top_p?: number;
  readonly seed?: number;
  readonly logit_bias?: Record<number, number>;
  readonly top_logprobs?: number;
  readonly tools?: readonly {
    function: { name: string; description?: string; parameters?: Record<string, unknown> };
  }[];
  readonly tool_choice?: "none" | "auto" | "required" | { function: { name: string } };
  readonly parallel_tool_calls?: boolean;
  readonly response_format?: { type: string; json_schema?: { schema: unknown } };
}

const statuses: Readonly<Record<EngineErrorCode, number>> = {
  "queue-full": 429,
  "prompt-too-long": 400,
  "invalid-request": 400,
  "model-not-found": 404,
  "model-unavailable": 503,
  "engine-unavailable": 503,
  "decode-failed": 500,
  "deadline-exceeded": 504,
};

let nextId = 1;

function defined<Fields extends object>(fields: Fields): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]: Exclude<Fields[Key], undefined>;
  };
}

function toRequest(body: Body): GenerateRequest {
  const choice = body.tool_choice;
  const format = body.response_format;
  const input: GenerateRequest["input"] =
    body.messages === undefined
      ? { kind: "text", prompt: body.prompt ?? "" }
      : { kind: "chat", messages: body.messages };
  return {
    id: `server-${nextId++}`,
    tenant: "server",
    priority: "interactive",
    model: body.model,
    input,
    sampling: defined({
      temperature: body.temperature,
      topK: body.top_k,
      topP: body.top_p,
      seed: body.seed,
      logitBias: body.logit_bias,
    }),
    ...defined({
      maxTokens: body.max_tokens,
      stop: body.stop,
      topLogprobs: body.top_logprobs,
      tools: body.tools?.map((tool) => tool.function),
      toolChoice: typeof choice === "object" ? choice.function : choice,
      parallelToolCalls: body.parallel_tool_calls,
      format:
        format === undefined
          ? undefined
          : format.type === "json_object"
            ? ({ kind: "json" } as const)
            : ({ kind: "json-schema", schema: format.json_schema?.schema } as const),
    }),
  };
}

function toChunk(event: GenerateEvent, isChat: boolean): object | undefined {
  const choice = (fields: object): object => ({ choices: [{ index: 0, ...fields }] });
  if (event.type === "delta") {
    const content = event.logprobs?.map(({ logprob, token, top }) => ({ token, logprob, top_logprobs: top }));
    return choice({
      ...(isChat ? { delta: { content: event.text } } : { text: event.text }),
      ...(content ? { logprobs: { content } } : {}),
    });
  }
  if (event.type === "tool-call") {
    const { argumentsJson, id, name } = event.call;
    return choice({
      delta: {
        tool_calls: [{ index: event.index, id, type: "function", function: { name, arguments: argumentsJson } }],
      },
    });
  }
  if (event.type !== "end") return undefined;
  const usage = { prompt_tokens: event.usage.promptTokens, completion_tokens: event.usage.completionTokens };
  return { ...choice({ finish_reason: event.reason === "tool-calls" ? "tool_calls" : event.reason }), usage };
}

async function answer(
  engine: Engine,
  request: GenerateRequest,
  isChat: boolean,
  signal: AbortSignal,
): Promise<Response> {
  const events = engine.generate(request, signal)[Symbol.asyncIterator]();
  let first = await events.next();
  while (!first.done && first.value.type === "queued") first = await events.next();
  if (!first.done && first.value.type === "failed") {
    const { code, message, retryAfterMs } = first.value;
    const retry = retryAfterMs === undefined ? {} : { "retry-after": String(retryAfterMs / 1000) };
    const type = code === "prompt-too-long" ? "context_length_exceeded" : code;
    return Response.json({ error: { message, code: type } }, { status: statuses[code], headers: retry });
  }
  const body = new ReadableStream<string>({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done === true) {
        controller.enqueue("data: [DONE]\n\n");
        controller.close();
        return;
      }
      const chunk = value.type === "failed" ? { error: { message: value.message } } : toChunk(value, isChat);
      controller.enqueue(chunk === undefined ? ": nothing\n\n" : `data: ${JSON.stringify(chunk)}\n\n`);
    },
    async cancel() {
      await events.return?.(undefined);
    },
  });
  return new Response(body.pipeThrough(new TextEncoderStream()), { headers: { "content-type": "text/event-stream" } });
}

/** A small OpenAI-compatible server in front of an engine, on a free port of loopback. */
export function serveOpenAi(engine: Engine): { readonly baseUrl: string; stop(): Promise<void> } {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/v1/models")
        return Response.json({
          data: (await engine.models()).map(({ contextTokens, id }) => ({ id, max_model_len: contextTokens })),
        });
      if (pathname === "/v1/embeddings")
        return Response.json({ error: { message: "this model makes no embeddings" } }, { status: 400 });
      const isChat = pathname === "/v1/chat/completions";
      if (!isChat && pathname !== "/v1/completions")
        return Response.json({ error: { message: "no such page" } }, { status: 404 });
      return answer(engine, toRequest((await request.json()) as Body), isChat, request.signal);
    },
  });
  return { baseUrl: `http://127.0.0.1:${server.port}/v1`, stop: () => server.stop(true) };
}

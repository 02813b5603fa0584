// SPDX-License-Identifier: AGPL-3.0-only
import type { MiddlewareHandler } from "hono";
import type { Clock } from "../../../../shared/clock/index.ts";
import { failureResponse } from "../../openai-api/index.ts";
import { apiErrorResponse } from "../api-error.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { isNestedDeeper } from "./is-nested-deeper.ts";

/** Largest body by the first part of the path; everything else gets `fallback`. */
const maxBodyBytes: Readonly<Record<string, number>> = { v1: 8_388_608, hooks: 1_048_576, knowledge: 8_388_608 };
const fallbackBodyBytes = 262_144;
/** Deepest nesting of a JSON body; a schema of a tool stays far below. */
const maxNesting = 128;

/** How large a body a path takes. */
export function maxBodyBytesOf(path: string): number {
  const [, first = "", second = ""] = path.split("/");
  return maxBodyBytes[first === "api" ? second : first] ?? fallbackBodyBytes;
}

/**
 * Refuses a body whose announced length is over its path's limit, before anybody looks at who sends it. One that comes
 * in chunks announces nothing; {@link readBody} counts it.
 */
export function refuseLargeBody(): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    const maxBytes = maxBodyBytesOf(context.req.path);
    const announced = Number(context.req.header("content-length") ?? "0");
    return announced > maxBytes ? refuse(context.req.path, "too-large", maxBytes) : next();
  };
}

type ReadBody =
  | { readonly status: "read"; readonly bytes: ArrayBuffer }
  | { readonly status: "too-large" | "too-slow" | "too-deep" | "broken" };

/**
 * Reads the whole body, within its size and time, before anything parses it; handlers find it through `req.text()`,
 * `req.json()` and `req.arrayBuffer()` as usual.
 */
export function readBody(clock: Clock, timeoutMs: number): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    if (context.req.raw.body === null) return next();
    const maxBytes = maxBodyBytesOf(context.req.path);
    const body = await readLimited(context.req.raw, maxBytes, clock, timeoutMs);
    if (body.status !== "read") return refuse(context.req.path, body.status, maxBytes);
    const isJson = !context.req.path.startsWith("/hooks/");
    if (isJson && isNestedDeeper(new Uint8Array(body.bytes), maxNesting)) {
      return refuse(context.req.path, "too-deep", maxBytes);
    }
    // Hono keeps promises here, whatever its type says; its readers take them from here instead of from the socket.
    Object.assign(context.req.bodyCache, { arrayBuffer: Promise.resolve(body.bytes) });
    return next();
  };
}

async function readLimited(request: Request, maxBytes: number, clock: Clock, timeoutMs: number): Promise<ReadBody> {
  const reader = request.body?.getReader();
  if (reader === undefined) return { status: "read", bytes: new ArrayBuffer(0) };
  const timer = new AbortController();
  const isTimeUp = clock.sleep(timeoutMs, timer.signal).then(() => null);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const result = await Promise.race([reader.read(), isTimeUp]);
      if (result === null) return { status: "too-slow" };
      if (result.done) break;
      size += result.value.byteLength;
      if (size > maxBytes) return { status: "too-large" };
      chunks.push(result.value);
    }
    return { status: "read", bytes: await new Blob(chunks as BlobPart[]).arrayBuffer() };
  } catch {
    // The client left in the middle, or the server's own limit cut it: nobody reads the answer.
    return { status: "broken" };
  } finally {
    timer.abort();
    // What is left of a refused body is not read.
    void reader.cancel().catch(() => undefined);
  }
}

function refuse(path: string, status: Exclude<ReadBody["status"], "read">, maxBytes: number): Response {
  const failure = {
    "too-large": { status: 413, code: "body-too-large", message: `The body is larger than ${maxBytes} bytes.` },
    "too-slow": { status: 408, code: "body-too-slow", message: "The body took too long to arrive." },
    "too-deep": { status: 400, code: "body-too-deep", message: `The body is nested more than ${maxNesting} deep.` },
    broken: { status: 400, code: "body-broken", message: "The body did not arrive whole." },
  } as const;
  const { status: httpStatus, code, message } = failure[status];
  if (!path.startsWith("/v1/")) return apiErrorResponse(httpStatus, { code, message });
  const type = "invalid_request_error";
  return failureResponse({ status: httpStatus, type, code: code.replaceAll("-", "_"), param: null, message });
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { ApiError } from "../../../http-api/index.ts";

/** Why a request brought nothing, in the box's own words. `status` 0: no answer came. */
export interface ApiProblem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string | undefined;
}

export type ApiResult<Value> =
  | { readonly isOk: true; readonly value: Value }
  | { readonly isOk: false; readonly problem: ApiProblem };

/** The box API as the console uses it. No method rejects; an aborted request ends as a problem with code `aborted`. */
export interface ApiClient {
  get<Value>(path: string, signal?: AbortSignal): Promise<ApiResult<Value>>;
  send<Value>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<ApiResult<Value>>;
}

export interface ApiClientDeps {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** Of the session, sent with each write. */
  readonly csrfToken: () => string;
  /** Called when the box says that nobody is signed in (any more). */
  readonly onSignedOut: () => void;
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const fallback = { status: response.status, code: "unexpected", message: `HTTP ${response.status}` };
  let body: Partial<ApiError> | null;
  try {
    body = (await response.json()) as Partial<ApiError> | null;
  } catch {
    // Not JSON: a proxy or a crash answered, and the status is all there is to say.
    return fallback;
  }
  return typeof body?.error?.message === "string" ? { ...fallback, ...body.error } : fallback;
}

/** A client of `/api` in the same origin. */
export function createApiClient(deps: ApiClientDeps): ApiClient {
  async function request<Value>(path: string, init: RequestInit): Promise<ApiResult<Value>> {
    try {
      const response = await deps.fetch(path, { credentials: "same-origin", ...init });
      if (response.status === 204) return { isOk: true, value: undefined as Value };
      if (response.ok) return { isOk: true, value: (await response.json()) as Value };
      const problem = await readProblem(response);
      if (response.status === 401) deps.onSignedOut();
      return { isOk: false, problem };
    } catch (thrown) {
      const isAborted = init.signal?.aborted === true;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return { isOk: false, problem: { status: 0, code: isAborted ? "aborted" : "network", message } };
    }
  }
  return {
    get: (path, signal) => request(path, { method: "GET", ...(signal === undefined ? {} : { signal }) }),
    send: (method, path, body) =>
      request(path, {
        method,
        headers: {
          "x-hearth-csrf": deps.csrfToken(),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

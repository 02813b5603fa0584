// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";

/** A client of the box API with the owner's rights: of the running box, or of the data folder of one that is not running. */
export interface BoxClient extends AsyncDisposable {
  /** Whether the appliance is running; otherwise commands work on its data folder, under its lock. */
  readonly isRunning: boolean;
  /** One call of the box API. @throws HearthError with the code and remedy that the box answered. */
  call<Answer>(method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Answer>;
}

/** How a request reaches the box: over the control socket, or straight into the app in this process. */
export type BoxTransport = (path: string, init: RequestInit) => Promise<Response>;

/** A {@link BoxClient} over a transport. */
export function createBoxClient(transport: BoxTransport, isRunning: boolean, dispose: () => Promise<void>): BoxClient {
  return {
    isRunning,
    async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
      const response = await transport(path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
      if (response.status === 204) return undefined as Answer;
      const text = await response.text();
      if (!response.ok) throw boxError(response.status, text);
      return JSON.parse(text) as Answer;
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function boxError(status: number, text: string): HearthError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; remedy?: string } };
    return new HearthError({
      code: error.code,
      message: error.message,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  } catch (cause) {
    return new HearthError({
      code: "box-answer-unreadable",
      message: `the box answered with status ${status} and no explanation`,
      cause,
    });
  }
}

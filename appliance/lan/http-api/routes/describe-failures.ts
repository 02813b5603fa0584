// SPDX-License-Identifier: AGPL-3.0-only

/** What each status of a failure means here. */
export const failureTexts = {
  400: "The request is not as described",
  401: "Nobody is signed in",
  403: "Not allowed",
  404: "What the request names does not exist",
  408: "The body took too long to arrive",
  409: "It does not go with what is there",
  413: "The body is too large",
  415: "The body is not declared as JSON",
  421: "The box does not answer under this name",
  429: "Too many wrong keys or sign-in links came from this address; Retry-After says when to try again",
  500: "An unexpected error, which the log tells more about",
  503: "Not possible now, as while the box stops or the engine is down",
} as const;

/** A status of a failure. */
export type FailureStatus = keyof typeof failureTexts;

/** As much of an OpenAPI document as is looked at here. */
export interface DescribedApi {
  readonly paths?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly requestBody?: unknown;
  readonly security?: readonly unknown[];
  readonly responses: Record<string, unknown>;
}

/** Adds to each operation the failures that follow from its path, its body and its being open to strangers. */
export function describeFailures(document: DescribedApi): void {
  const error = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const operation of Object.values(methods) as Operation[]) {
      const statuses: FailureStatus[] = [];
      if (path.includes("{")) statuses.push(404);
      if (operation.requestBody !== undefined) statuses.push(408, 413, 415);
      for (const status of statuses) {
        operation.responses[status] ??= { description: failureTexts[status], content: error };
      }
      // What asks for no key does not miss one.
      if (operation.security?.length === 0) delete operation.responses["401"];
    }
  }
}

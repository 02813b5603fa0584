// SPDX-License-Identifier: AGPL-3.0-only
import { boxStops, failureResponse } from "../../openai-api/index.ts";
import { apiErrorResponse } from "../api-error.ts";

/** What a request gets that the box cannot answer any more because it stops, in the shape of its path's other errors. */
export function stopResponse(url: string): Response {
  // A Host header that is none makes an address that is none.
  const path = URL.canParse(url) ? new URL(url).pathname : "/";
  const response = path.startsWith("/v1/")
    ? failureResponse(boxStops)
    : apiErrorResponse(503, {
        code: "box-stops",
        message: "The box stops.",
        remedy: "Try again when it is up; 'hearth up' starts it.",
      });
  response.headers.set("retry-after", "5");
  response.headers.set("connection", "close");
  response.headers.set("cache-control", "no-store");
  return response;
}

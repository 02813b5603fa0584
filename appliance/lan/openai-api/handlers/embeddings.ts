// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import { toHearthError } from "../../../../shared/errors/index.ts";
import type { EmbedResult } from "../../../inference/engine/index.ts";
import { agentModel } from "../agent-completion.ts";
import type { OpenAiApiDeps, OpenAiApiOptions, OpenAiCall } from "../openai-api-deps.ts";
import { failureOfError, failureResponse, unsupported } from "../openai-failure.ts";
import { parseRequest } from "../parse-request.ts";
import { modelField, optional, userField } from "../requests/fields.ts";
import { resolveModel } from "../resolve-model.ts";

const input = z.string("a text, or an array of texts, is required").min(1, "a text cannot be empty");

/** `POST /v1/embeddings`. Texts only: token ids of another model's vocabulary would give nonsense without a word. */
const embeddingsRequestSchema = z.object({
  model: modelField,
  input: z
    .union([input, z.array(input).min(1).max(2048)], "a text, or an array of 1 to 2048 texts, is required")
    .transform((value) => (typeof value === "string" ? [value] : value)),
  encoding_format: optional(z.enum(["float", "base64"])),
  dimensions: z.unknown().optional(),
  user: userField,
});

/** One vector a text. */
export async function handleEmbeddings(
  deps: OpenAiApiDeps,
  _options: OpenAiApiOptions,
  { caller, request, text }: OpenAiCall,
): Promise<Response> {
  const parsed = parseRequest(text, embeddingsRequestSchema);
  if (!parsed.isValid) return failureResponse(parsed.failure);
  const body = parsed.value;
  if (body.dimensions !== undefined && body.dimensions !== null) {
    return failureResponse(unsupported("dimensions", "The model decides how many dimensions its vectors have."));
  }
  const model = await resolveModel(deps, caller, body.model);
  if (model.kind === "refused") return failureResponse(model.failure);
  if (model.kind === "agent") {
    return failureResponse(unsupported("model", `'${agentModel}' is an agent and makes no embeddings.`));
  }
  try {
    const result = await deps.engine.embed(body.input, model.model, request.signal);
    return Response.json(toBody(result, body.encoding_format === "base64"));
  } catch (thrown) {
    return failureResponse(failureOfError(toHearthError(thrown)));
  }
}

function toBody(result: EmbedResult, isBase64: boolean): Record<string, unknown> {
  const { model, vectors, promptTokens } = result;
  return {
    object: "list",
    data: vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: isBase64 ? toBase64(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  };
}

/** 32-bit floats, little-endian, as OpenAI packs them. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}

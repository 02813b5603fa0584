// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { ApiServices, ModelService } from "../api-services.ts";
import type { Caller } from "../caller.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { modelInspectionSchema, modelListSchema, modelRequestSchema, modelSchema } from "../schemas/models.ts";
import { answers, callerOf, idParams, jsonBody, needs, noAnswer } from "./route-parts.ts";

const listModels = createRoute({
  operationId: "listModels",
  method: "get",
  path: "/api/models",
  summary: "The models of the box",
  middleware: needs("model.read"),
  responses: answers(modelListSchema, "With the default one marked"),
});
const useModel = createRoute({
  operationId: "useModel",
  method: "post",
  path: "/api/models/use",
  summary: "Make a model the default one",
  middleware: needs("model.manage"),
  request: { body: jsonBody(modelRequestSchema) },
  responses: answers(modelSchema, "The model that answers from now on", 404),
});
const inspectModel = createRoute({
  operationId: "inspectModel",
  method: "post",
  path: "/api/models/inspect",
  summary: "What a model file says about itself, and whether it fits",
  middleware: needs("model.read"),
  request: { body: jsonBody(modelRequestSchema) },
  responses: answers(modelInspectionSchema, "Nothing is loaded for it", 404),
});
const removeModel = createRoute({
  operationId: "removeModel",
  method: "delete",
  path: "/api/models/{id}",
  summary: "Remove a model from the box",
  middleware: needs("model.manage"),
  request: { params: idParams },
  responses: noAnswer("Removed", 409),
});

/** Models. A path is taken from the control socket only: over the network it would say which files exist. */
export function mountModelRoutes(app: OpenAPIHono<HttpEnvironment>, { models }: Pick<ApiServices, "models">): void {
  app.openapi(listModels, async (context) => context.json({ models: [...(await models.list())] }, 200));
  app.openapi(useModel, async (context) => {
    const caller = callerOf(context);
    const model = await checkModelName(models, caller, context.req.valid("json").model);
    return context.json(await models.use(model, caller.actor), 200);
  });
  app.openapi(inspectModel, async (context) => {
    const model = await checkModelName(models, callerOf(context), context.req.valid("json").model);
    return context.json(await models.inspect(model), 200);
  });
  app.openapi(removeModel, async (context) => {
    await models.remove(context.req.valid("param").id, callerOf(context).actor);
    return context.body(null, 204);
  });
}

async function checkModelName(models: ModelService, caller: Caller, name: string): Promise<string> {
  if (caller.via === "control-socket") return name;
  if ((await models.list()).some((model) => model.id === name)) return name;
  throw new HearthError({
    code: "model-not-found",
    message: "There is no model of that name on the box.",
    remedy: "Choose one of GET /api/models. A file is taken in on the box itself, with 'hearth model use <path>'.",
  });
}

// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import {
  channelKindListSchema,
  channelListSchema,
  channelNameSchema,
  channelSchema,
  createChannelRequestSchema,
  updateChannelRequestSchema,
} from "../schemas/channels.ts";
import { answers, callerOf, jsonBody, needs, noAnswer } from "./route-parts.ts";

const path = "/api/channels";
const nameParams = z.object({ name: channelNameSchema });
const listChannels = createRoute({
  operationId: "listChannels",
  method: "get",
  path,
  summary: "The channels, with the state of their connections",
  middleware: needs("channel.read"),
  responses: answers(channelListSchema, "Secrets are left out"),
});
const listKinds = createRoute({
  operationId: "listKinds",
  method: "get",
  path: `${path}/kinds`,
  summary: "Kinds of channels that can be added",
  middleware: needs("channel.read"),
  responses: answers(channelKindListSchema, "With the JSON Schema of their configuration"),
});
const createChannel = createRoute({
  operationId: "createChannel",
  method: "post",
  path,
  summary: "Add a channel",
  middleware: needs("channel.manage"),
  request: { body: jsonBody(createChannelRequestSchema) },
  responses: answers(channelSchema, "The new channel", 404, 409),
});
const updateChannel = createRoute({
  operationId: "updateChannel",
  method: "patch",
  path: `${path}/{name}`,
  summary: "Change who may talk, switch on or off, change the configuration",
  middleware: needs("channel.manage"),
  request: { params: nameParams, body: jsonBody(updateChannelRequestSchema) },
  responses: answers(channelSchema, "The channel as it is now"),
});
const removeChannel = createRoute({
  operationId: "removeChannel",
  method: "delete",
  path: `${path}/{name}`,
  summary: "Remove a channel",
  middleware: needs("channel.manage"),
  request: { params: nameParams },
  responses: noAnswer("Removed", 409),
});
const restartChannel = createRoute({
  operationId: "restartChannel",
  method: "post",
  path: `${path}/{name}/restart`,
  summary: "Disconnect and connect again",
  middleware: needs("channel.manage"),
  request: { params: nameParams },
  responses: answers(channelSchema, "The channel as it is now"),
});

/** Channels. */
export function mountChannelRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { channels }: Pick<ApiServices, "channels">,
): void {
  app.openapi(listChannels, async (context) => context.json({ channels: [...(await channels.list())] }, 200));
  app.openapi(listKinds, async (context) => context.json({ kinds: [...(await channels.kinds())] }, 200));
  app.openapi(createChannel, async (context) =>
    context.json(await channels.create(context.req.valid("json"), callerOf(context).actor), 200),
  );
  app.openapi(updateChannel, async (context) => {
    const { name } = context.req.valid("param");
    return context.json(await channels.update(name, context.req.valid("json"), callerOf(context).actor), 200);
  });
  app.openapi(removeChannel, async (context) => {
    await channels.remove(context.req.valid("param").name, callerOf(context).actor);
    return context.body(null, 204);
  });
  app.openapi(restartChannel, async (context) =>
    context.json(await channels.restart(context.req.valid("param").name, callerOf(context).actor), 200),
  );
}

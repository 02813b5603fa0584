// SPDX-License-Identifier: AGPL-3.0-only
import { beforeAll, describe, expect, test } from "bun:test";
import { controlSocket, fromNetwork, testApp } from "./testing.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Record<string, { schema: object }> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let document: Document;
let operations: (readonly [string, string, Operation])[];

beforeAll(async () => {
  const response = await testApp().app.request("/api/openapi.json", {}, controlSocket);
  document = (await response.json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
  );
});

/** Every object in a JSON value. */
function* objectsOf(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* objectsOf(part);
}

describe("the OpenAPI document", () => {
  test("has the fields of OpenAPI 3.1, and only those", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(Object.keys(document).sort()).toEqual([
      "components",
      "info",
      "openapi",
      "paths",
      "security",
      "servers",
      "webhooks",
    ]);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    const ofOperation = ["operationId", "summary", "parameters", "requestBody", "responses", "security"];
    for (const [path, method, operation] of operations) {
      expect(["get", "put", "post", "delete", "patch"]).toContain(method);
      expect([path, method, Object.keys(operation).filter((name) => !ofOperation.includes(name))]).toEqual([
        path,
        method,
        [],
      ]);
    }
  });

  test("names each operation once", () => {
    const names = operations.map(([, , { operationId }]) => operationId);
    expect(names.filter((name) => !/^[a-z][A-Za-z]+$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("createChannel");
  });

  test("declares exactly the parameters of each path", () => {
    for (const [path, , { parameters = [] }] of operations) {
      const inPath = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
      expect([path, inPath]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)]);
      for (const parameter of parameters) expect(parameter.schema).toBeObject();
    }
  });

  test("refers only to what is there, with types that JSON Schema knows", () => {
    const references = [...objectsOf(document)].flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : []));
    const names = Object.keys(document.components.schemas ?? {}).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(references)].filter((reference) => !names.includes(reference))).toEqual([]);
    expect(references.length).toBeGreaterThan(300);
    const types = ["string", "number", "integer", "boolean", "object", "array", "null"];
    for (const schema of objectsOf(document.components.schemas)) {
      const { type } = schema;
      if (typeof type === "string") expect(types).toContain(type);
    }
  });

  test("says what each operation may answer, failures included", () => {
    for (const [path, method, { responses, requestBody }] of operations) {
      const statuses = Object.keys(responses);
      const expected = ["400", "403", "421", "429", "500", "503"];
      if (path.includes("{")) expected.push("404");
      if (requestBody !== undefined) expected.push("408", "413", "415");
      expect([path, method, expected.filter((status) => !statuses.includes(status))]).toEqual([path, method, []]);
      expect([path, method, statuses.includes("401")]).toEqual([
        path,
        method,
        path !== "/api/session" || method !== "post",
      ]);
      expect(statuses.filter((status) => status === "200" || status === "204")).toHaveLength(1);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(description.length).toBeGreaterThan(3);
        if (Number(status) < 400) continue;
        expect(content?.["application/json"]?.schema).toEqual({ $ref: "#/components/schemas/Error" });
      }
    }
  });

  test("declares every status that the routes answer odd requests with", async () => {
    const { app } = testApp();
    const undeclared: string[] = [];
    const bodies = ["{}", "[]", "{", '{"name":"per_member"}', '{"model":"gone"}', "x".repeat(9_000_000)];
    for (const [path, method, { responses, requestBody }] of operations) {
      for (const id of ["gone", "per_owner", "web-chat"]) {
        const url = path.replaceAll(/\{\w+\}/g, id);
        for (const contentType of ["application/json", "text/plain"]) {
          for (const body of requestBody === undefined ? [undefined] : bodies) {
            const init = {
              method,
              headers: { host: "localhost", "content-type": contentType },
              ...(body !== undefined && { body }),
            };
            for (const connection of [controlSocket, fromNetwork()]) {
              const { status } = await app.request(url, init, connection);
              if (!(status in responses)) undeclared.push(`${method} ${url} ${status}`);
            }
          }
        }
      }
    }
    expect([...new Set(undeclared)]).toEqual([]);
  });
});

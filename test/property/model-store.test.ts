// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createModelStore,
  estimateMemory,
  type ModelFacts,
  planContext,
} from "../../appliance/inference/model-store/index.ts";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { makeGguf } from "../fixtures/gguf/make-gguf.ts";

const gib = 1024 ** 3;

const eightBillion: ModelFacts = {
  architecture: "llama",
  name: "8B",
  licence: undefined,
  quantization: "Q4_K_M",
  parameterCount: 8e9,
  tensorBytes: 4.92e9,
  layers: 32,
  embeddingLength: 4096,
  vocabularySize: 128_256,
  trainedContextTokens: 131_072,
  kvBytesPerToken: 131_072,
  canTrim: true,
  canEmbed: false,
  hasChatTemplate: true,
};
const guide: ModelFacts = {
  ...eightBillion,
  tensorBytes: 4e6,
  kvBytesPerToken: 5120,
  vocabularySize: 8000,
  embeddingLength: 192,
  trainedContextTokens: 2048,
};

describe("planning a context", () => {
  const table = [
    { what: "the guide", facts: guide, gigabytes: 4, isGuide: true, plan: { sequences: 10, contextTokens: 768 } },
    {
      what: "8B on 24 GB",
      facts: eightBillion,
      gigabytes: 24,
      isGuide: false,
      plan: { sequences: 16, contextTokens: 8192 },
    },
    {
      what: "8B on 16 GB",
      facts: eightBillion,
      gigabytes: 16,
      isGuide: false,
      plan: { sequences: 10, contextTokens: 8192 },
    },
    {
      what: "8B on 8 GB",
      facts: eightBillion,
      gigabytes: 8,
      isGuide: false,
      plan: { sequences: 4, contextTokens: 4096 },
    },
    {
      what: "a short context",
      facts: { ...guide, trainedContextTokens: 512 },
      gigabytes: 8,
      isGuide: false,
      plan: { sequences: 16, contextTokens: 512 },
    },
  ];
  for (const { facts, gigabytes, isGuide, plan, what } of table) {
    test(`${what}: ${plan.sequences} × ${plan.contextTokens}`, () => {
      const memory = { totalBytes: gigabytes * gib, availableBytes: gigabytes * gib };
      expect(planContext(facts, memory, { isGuide })).toMatchObject(plan);
    });
  }

  test("what does not fit is refused with the numbers", () => {
    const memory = { totalBytes: 4 * gib, availableBytes: 3 * gib };
    expect(() => planContext(eightBillion, memory, { isGuide: false })).toThrow(
      /needs 5,\d{3} MiB \(weights 4,\d{3} MiB.*2,816 MiB can be used/,
    );
  });

  test("wishes are kept, or refused when they cannot be", () => {
    const memory = { totalBytes: 16 * gib, availableBytes: 16 * gib };
    expect(planContext(eightBillion, memory, { isGuide: false, sequences: 3, contextTokens: 2048 })).toMatchObject({
      sequences: 3,
      contextTokens: 2048,
    });
    expect(() => planContext(eightBillion, memory, { isGuide: false, sequences: 64, contextTokens: 8192 })).toThrow(
      /needs/,
    );
  });

  test("the estimate counts weights, cells and buffers", () => {
    const estimate = estimateMemory(eightBillion, { sequences: 2, contextTokens: 1000, batchTokens: 512 });
    expect(estimate.kvBytes).toBe(2 * 1000 * 131_072);
    expect(estimate.totalBytes).toBe(estimate.weightBytes + estimate.kvBytes + estimate.computeBytes);
  });
});

describe("model store", () => {
  const open = () => {
    const directory = temporaryDirectory();
    const models = join(directory.path, "models");
    mkdirSync(models);
    makeGguf(join(models, "small.gguf"));
    makeGguf(join(directory.path, "guide.gguf"));
    const store = createModelStore({ directory: models, guidePath: join(directory.path, "guide.gguf") });
    return { directory, models, store, [Symbol.dispose]: () => directory[Symbol.dispose]() };
  };

  test("lists the guide, the folder, and broken files with their problem", () => {
    using opened = open();
    writeFileSync(join(opened.models, "broken.gguf"), "GGUF but not really, and far too short");
    const listed = opened.store.listModels();
    expect(listed.map((model) => [model.id, model.isGuide])).toEqual([
      ["guide", true],
      ["broken", false],
      ["small", false],
    ]);
    expect(listed[1]?.problem).toMatch(/not a usable GGUF/);
  });

  test("the guide is chosen until another model is, and after that one is removed", () => {
    using opened = open();
    expect(opened.store.chosenModel()).toBe("guide");
    opened.store.useModel("small");
    expect(opened.store.chosenModel()).toContain("small.gguf");
    opened.store.removeModel("small", undefined);
    expect(opened.store.chosenModel()).toBe("guide");
    expect(existsSync(join(opened.models, "small.gguf"))).toBe(false);
  });

  test("a file elsewhere is used by its path, and only forgotten when removed", () => {
    using opened = open();
    const path = join(opened.directory.path, "elsewhere.gguf");
    makeGguf(path);
    expect(opened.store.useModel(path).id).toBe("elsewhere");
    expect(opened.store.listModels().map((model) => model.id)).toContain("elsewhere");
    opened.store.removeModel(path, undefined);
    expect(existsSync(path)).toBe(true);
    expect(opened.store.chosenModel()).toBe("guide");
  });

  test("a chosen file elsewhere has an id too, by which it is not deleted but told where it lies", () => {
    using opened = open();
    const path = join(opened.directory.path, "elsewhere.gguf");
    makeGguf(path);
    opened.store.useModel(path);
    expect(opened.store.inspectModel("elsewhere").path).toBe(path);
    expect(() => opened.store.removeModel("elsewhere", undefined)).toThrow(/lies elsewhere.*elsewhere\.gguf/);
    expect(existsSync(path)).toBe(true);
    expect(opened.store.chosenModel()).toBe(path);
    opened.store.useModel("guide");
    expect(() => opened.store.removeModel("elsewhere", undefined)).toThrow(/there is no model/);
  });

  test("a chosen file that is gone is listed with its problem and without a size", () => {
    using opened = open();
    const path = join(opened.directory.path, "elsewhere.gguf");
    makeGguf(path);
    opened.store.useModel(path);
    rmSync(path);
    const gone = opened.store.listModels().find((model) => model.id === "elsewhere");
    expect(gone?.problem).toMatch(/is gone/);
    expect(gone?.sizeBytes).toBeUndefined();
    expect(() => opened.store.inspectModel("elsewhere")).toThrow(/is gone/);
    expect(() => opened.store.removeModel("elsewhere", undefined)).toThrow(/lies elsewhere/);
  });

  test("refuses what is not there, in use, or part of Hearth", () => {
    using opened = open();
    const code = (act: () => void): string => {
      try {
        act();
      } catch (thrown) {
        return (thrown as { code: string }).code;
      }
      return "none";
    };
    expect(code(() => opened.store.inspectModel("nobody"))).toBe("model-not-found");
    expect(code(() => opened.store.inspectModel("../../no/such/file"))).toBe("model-not-found");
    expect(code(() => opened.store.removeModel("guide", undefined))).toBe("model-built-in");
    expect(code(() => opened.store.removeModel("small", "small"))).toBe("model-in-use");
  });

  test("a damaged choice means the guide", () => {
    using opened = open();
    writeFileSync(join(opened.models, "chosen-model.json"), "{not json");
    expect(opened.store.chosenModel()).toBe("guide");
  });
});

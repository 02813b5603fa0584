// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import type { ListedModel, ModelStore } from "../../inference/model-store/index.ts";
import { createAbsentEngine } from "../absent-engine.ts";
import { createModelService } from "./model-service.ts";

function serviceOver(models: readonly ListedModel[]) {
  const store: ModelStore = {
    listModels: () => models,
    chosenModel: () => "/elsewhere/gone.gguf",
    inspectModel: () => expect.unreachable(),
    useModel: () => expect.unreachable(),
    removeModel: () => undefined,
  };
  const audit = { append: () => undefined };
  return createModelService({ store, builtin: undefined, engine: createAbsentEngine(), audit });
}

describe("the models that the box API shows", () => {
  test("one whose file is gone has its problem and no size", async () => {
    const gone = { id: "gone", path: "/elsewhere/gone.gguf", isGuide: false, problem: "it is gone" };
    const [model] = await serviceOver([gone]).list();
    expect(model).toMatchObject({ id: "gone", isDefault: true, problem: "it is gone" });
    expect(model).not.toHaveProperty("sizeBytes");
  });
});

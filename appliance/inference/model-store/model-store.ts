// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";
import { createFileInspector, type InspectFile } from "./inspect-file.ts";
import { createModelChoice } from "./model-choice.ts";
import type { ModelFacts } from "./model-facts.ts";

/** The bundled model's id. */
export const guideModelId = "guide";

/** A model file that was opened and checked. */
export interface InspectedModel {
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly createdMs: number;
  readonly isGuide: boolean;
  readonly facts: ModelFacts;
}

/** A file in the models folder; `problem` says why it cannot be used. */
export type ListedModel =
  | (InspectedModel & { readonly problem?: undefined })
  | {
      readonly id: string;
      readonly path: string;
      readonly sizeBytes: number;
      readonly isGuide: boolean;
      readonly problem: string;
    };

/** The models on this box. */
export interface ModelStore {
  /** Every `.gguf` of the models folder, the guide, and the chosen file when it lies elsewhere. */
  listModels(): readonly ListedModel[];
  /**
   * Opens a model by id or path and checks its header; nothing is loaded.
   * @throws HearthError `model-not-found` or `model-invalid`.
   */
  inspectModel(idOrPath: string): InspectedModel;
  /** Chooses the model for the next start, after {@link inspectModel}. */
  useModel(idOrPath: string): InspectedModel;
  /** The chosen model's path, or the guide's id. */
  chosenModel(): string;
  /**
   * Deletes a file of the models folder; a file elsewhere is only forgotten.
   * @throws HearthError `model-not-found`, `model-in-use` or `model-built-in`.
   */
  removeModel(idOrPath: string, inUse: string | undefined): void;
}

export interface ModelStoreOptions {
  /** `$HEARTH_HOME/models`; made when needed. */
  readonly directory: string;
  /** The bundled guide model; absent when there is none. */
  readonly guidePath?: string;
}

function notFound(idOrPath: string): HearthError {
  return new HearthError({
    code: "model-not-found",
    message: `there is no model "${idOrPath}" on this box`,
    remedy: "`hearth model ls` shows the models; a path to a GGUF file works too.",
  });
}

function stem(path: string): string {
  return basename(path).replace(/\.gguf$/i, "");
}

function findModel(options: ModelStoreOptions, idOrPath: string): string {
  if (idOrPath === guideModelId && options.guidePath !== undefined) return options.guidePath;
  const isPath = idOrPath.includes("/") || idOrPath.includes(sep) || /\.gguf$/i.test(idOrPath);
  const candidates = isPath
    ? [resolve(idOrPath), join(options.directory, idOrPath)]
    : [join(options.directory, `${idOrPath}.gguf`)];
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (found === undefined) throw notFound(idOrPath);
  return found;
}

function isGuidePath(options: ModelStoreOptions, path: string): boolean {
  return options.guidePath !== undefined && resolve(path) === resolve(options.guidePath);
}

function inspectModel(options: ModelStoreOptions, inspect: InspectFile, path: string): InspectedModel {
  const isGuide = isGuidePath(options, path);
  const { changedMs, facts, sizeBytes } = inspect(path);
  return { id: isGuide ? guideModelId : stem(path), path, sizeBytes, createdMs: Math.round(changedMs), isGuide, facts };
}

function listModel(options: ModelStoreOptions, inspect: InspectFile, path: string): ListedModel {
  try {
    return inspectModel(options, inspect, path);
  } catch (thrown) {
    const problem = isHearthError(thrown) ? thrown.message : "the file cannot be read, or is gone";
    const sizeBytes = existsSync(path) ? statSync(path).size : 0;
    return { id: stem(path), path, sizeBytes, isGuide: false, problem };
  }
}

function listPaths(options: ModelStoreOptions, chosen: string): readonly string[] {
  const { directory, guidePath } = options;
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => /\.gguf$/i.test(name)) : [];
  const inFolder = names.sort().map((name) => join(directory, name));
  const isElsewhere = chosen !== guideModelId && !inFolder.includes(chosen) && !isGuidePath(options, chosen);
  const guide = guidePath !== undefined && existsSync(guidePath) ? [guidePath] : [];
  return [...guide, ...inFolder, ...(isElsewhere ? [chosen] : [])];
}

function checkRemovable(options: ModelStoreOptions, path: string, inUse: string | undefined): void {
  if (isGuidePath(options, path)) {
    throw new HearthError({ code: "model-built-in", message: "the guide is part of Hearth and cannot be removed" });
  }
  if (inUse === undefined || (inUse !== stem(path) && inUse !== path)) return;
  throw new HearthError({
    code: "model-in-use",
    message: `the model "${stem(path)}" is answering just now`,
    remedy: "`hearth model use guide` first.",
  });
}

/** The store over a folder. */
export function createModelStore(options: ModelStoreOptions): ModelStore {
  const choice = createModelChoice(join(options.directory, "chosen-model.json"), guideModelId);
  const inspect = createFileInspector();
  return {
    listModels: () => listPaths(options, choice.read()).map((path) => listModel(options, inspect, path)),
    inspectModel: (idOrPath) => inspectModel(options, inspect, findModel(options, idOrPath)),
    useModel(idOrPath) {
      const model = inspectModel(options, inspect, findModel(options, idOrPath));
      choice.write(model.isGuide ? guideModelId : resolve(model.path));
      return model;
    },
    chosenModel: () => choice.read(),
    removeModel(idOrPath, inUse) {
      const path = findModel(options, idOrPath);
      checkRemovable(options, path, inUse);
      if (resolve(choice.read()) === resolve(path)) choice.write(guideModelId);
      const { directory } = options;
      if (existsSync(directory) && dirname(realpathSync(path)) === realpathSync(directory)) rmSync(path);
    },
  };
}

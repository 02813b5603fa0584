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
      /** Absent when the file is gone. */
      readonly sizeBytes?: number;
      readonly isGuide: boolean;
      readonly problem: string;
    };

/** The models on this box. */
export interface ModelStore {
  /** Every `.gguf` of the models folder, the guide, and the chosen file when it lies elsewhere, even if it is gone. */
  listModels(): readonly ListedModel[];
  /**
   * Opens a model by id or path and checks its header; nothing is loaded.
   * @throws HearthError `model-not-found`, `model-missing` or `model-invalid`.
   */
  inspectModel(idOrPath: string): InspectedModel;
  /** Chooses the model for the next start, after {@link inspectModel}. */
  useModel(idOrPath: string): InspectedModel;
  /** The chosen model's path, or the guide's id. */
  chosenModel(): string;
  /**
   * Deletes a file of the models folder. A file elsewhere that is named by its path is only forgotten; by its id it is
   * refused, since whoever names it so expects it to be deleted.
   * @throws HearthError `model-not-found`, `model-elsewhere`, `model-in-use` or `model-built-in`.
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

/** The chosen model by its id when its file is not one of the models folder. */
function isChosenElsewhere(options: ModelStoreOptions, idOrPath: string, chosen: string): boolean {
  if (chosen === guideModelId || stem(chosen) !== idOrPath) return false;
  return dirname(resolve(chosen)) !== resolve(options.directory);
}

function missing(path: string): HearthError {
  return new HearthError({
    code: "model-missing",
    message: `the file of the model "${stem(path)}" is gone: ${path}`,
    remedy: "Put the file back, or choose another model: `hearth model use guide`.",
  });
}

function elsewhere(path: string): HearthError {
  return new HearthError({
    code: "model-elsewhere",
    message: `the file of the model "${stem(path)}" lies elsewhere, and Hearth does not delete it: ${path}`,
    remedy: "It is forgotten as soon as another model is chosen: `hearth model use guide`.",
  });
}

function findModel(options: ModelStoreOptions, idOrPath: string, chosen: string): string {
  if (idOrPath === guideModelId && options.guidePath !== undefined) return options.guidePath;
  const isPath = idOrPath.includes("/") || idOrPath.includes(sep) || /\.gguf$/i.test(idOrPath);
  const candidates = isPath
    ? [resolve(idOrPath), join(options.directory, idOrPath)]
    : [join(options.directory, `${idOrPath}.gguf`)];
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (found !== undefined) return found;
  if (!isChosenElsewhere(options, idOrPath, chosen)) throw notFound(idOrPath);
  if (!existsSync(chosen)) throw missing(chosen);
  return chosen;
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
    const id = stem(path);
    if (!existsSync(path)) return { id, path, isGuide: false, problem: missing(path).message };
    const problem = isHearthError(thrown) ? thrown.message : "the file cannot be read";
    return { id, path, sizeBytes: statSync(path).size, isGuide: false, problem };
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

function removablePath(options: ModelStoreOptions, idOrPath: string, chosen: string): string {
  const inFolder = join(options.directory, `${idOrPath}.gguf`);
  if (isChosenElsewhere(options, idOrPath, chosen) && !existsSync(inFolder)) throw elsewhere(chosen);
  return findModel(options, idOrPath, chosen);
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
    inspectModel: (idOrPath) => inspectModel(options, inspect, findModel(options, idOrPath, choice.read())),
    useModel(idOrPath) {
      const model = inspectModel(options, inspect, findModel(options, idOrPath, choice.read()));
      choice.write(model.isGuide ? guideModelId : resolve(model.path));
      return model;
    },
    chosenModel: () => choice.read(),
    removeModel(idOrPath, inUse) {
      const path = removablePath(options, idOrPath, choice.read());
      checkRemovable(options, path, inUse);
      if (resolve(choice.read()) === resolve(path)) choice.write(guideModelId);
      const { directory } = options;
      if (existsSync(directory) && dirname(realpathSync(path)) === realpathSync(directory)) rmSync(path);
    },
  };
}

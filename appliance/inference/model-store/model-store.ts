// SPDX-License-Identifier: AGPL-3.0-only
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { z } from "zod";
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";
import { withFileSource } from "./byte-cursor.ts";
import { readGgufHeader } from "./gguf-reader.ts";
import { type ModelFacts, modelFacts } from "./model-facts.ts";

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

const choiceSchema = z.object({ model: z.string().min(1) });

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

/** The store over a folder. */
export function createModelStore(options: ModelStoreOptions): ModelStore {
  const choicePath = join(options.directory, "chosen-model.json");
  const pathOf = (idOrPath: string): string => {
    if (idOrPath === guideModelId && options.guidePath !== undefined) return options.guidePath;
    const isPath = idOrPath.includes("/") || idOrPath.includes(sep) || /\.gguf$/i.test(idOrPath);
    const candidates = isPath
      ? [resolve(idOrPath), join(options.directory, idOrPath)]
      : [join(options.directory, `${idOrPath}.gguf`)];
    const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
    if (found === undefined) throw notFound(idOrPath);
    return found;
  };
  const inspectPath = (path: string): InspectedModel => {
    const isGuide = options.guidePath !== undefined && resolve(path) === resolve(options.guidePath);
    let facts: ModelFacts;
    try {
      facts = modelFacts(withFileSource(path, readGgufHeader));
    } catch (thrown) {
      if (isHearthError(thrown)) throw thrown;
      throw new HearthError({
        code: "model-invalid",
        message: `the model file ${basename(path)} cannot be read`,
        cause: thrown,
      });
    }
    const { mtimeMs, size } = statSync(path);
    return {
      id: isGuide ? guideModelId : stem(path),
      path,
      sizeBytes: size,
      createdMs: Math.round(mtimeMs),
      isGuide,
      facts,
    };
  };
  const chosenModel = (): string => {
    if (!existsSync(choicePath)) return guideModelId;
    try {
      return choiceSchema.parse(JSON.parse(readFileSync(choicePath, "utf8"))).model;
    } catch {
      // A damaged choice is no reason not to start: the guide answers, and the next `model use` writes a new one.
      return guideModelId;
    }
  };
  const list = (path: string): ListedModel => {
    try {
      return inspectPath(path);
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : "it cannot be read";
      const sizeBytes = existsSync(path) ? statSync(path).size : 0;
      return { id: stem(path), path, sizeBytes, isGuide: false, problem };
    }
  };
  const choose = (model: string): void => {
    mkdirSync(options.directory, { recursive: true });
    writeFileSync(`${choicePath}.new`, `${JSON.stringify({ model })}\n`, { mode: 0o600 });
    renameSync(`${choicePath}.new`, choicePath);
  };
  return {
    listModels() {
      const inFolder = existsSync(options.directory)
        ? readdirSync(options.directory)
            .filter((name) => /\.gguf$/i.test(name))
            .sort()
            .map((name) => join(options.directory, name))
        : [];
      const chosen = chosenModel();
      const elsewhere = chosen !== guideModelId && !inFolder.includes(chosen) ? [chosen] : [];
      const guide = options.guidePath !== undefined && existsSync(options.guidePath) ? [options.guidePath] : [];
      return [...guide, ...inFolder, ...elsewhere].map(list);
    },
    inspectModel: (idOrPath) => inspectPath(pathOf(idOrPath)),
    useModel(idOrPath) {
      const model = inspectPath(pathOf(idOrPath));
      choose(model.isGuide ? guideModelId : resolve(model.path));
      return model;
    },
    chosenModel,
    removeModel(idOrPath, inUse) {
      const path = pathOf(idOrPath);
      if (options.guidePath !== undefined && resolve(path) === resolve(options.guidePath)) {
        throw new HearthError({ code: "model-built-in", message: "the guide is part of Hearth and cannot be removed" });
      }
      if (inUse !== undefined && (inUse === stem(path) || inUse === path)) {
        throw new HearthError({
          code: "model-in-use",
          message: `the model "${stem(path)}" is answering just now`,
          remedy: "`hearth model use guide` first.",
        });
      }
      if (resolve(chosenModel()) === resolve(path)) choose(guideModelId);
      if (existsSync(options.directory) && dirname(realpathSync(path)) === realpathSync(options.directory))
        rmSync(path);
    },
  };
}

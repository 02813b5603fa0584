// SPDX-License-Identifier: AGPL-3.0-only

const declaration = /^(import|export) type(?=\s*[{*]|\s+\w+\s+from\b)/gm;
const importClause = /^import\s*(?:\w+\s*,\s*)?\{[^}]*\}/gm;

/**
 * What a module imports, types included: each specifier as written. Bun's parser keeps unused imports but drops those
 * marked `type`, so the mark is taken out first.
 */
export function scanImports(path: string, source: string): readonly string[] {
  const unmarked = source
    .replace(declaration, "$1")
    .replace(importClause, (clause) => clause.replace(/([{,]\s*)type\s+(?=\w)/g, "$1"));
  const transpiler = new Bun.Transpiler({ loader: path.endsWith("x") ? "tsx" : "ts" });
  return [...new Set(transpiler.scanImports(unmarked).map((found) => found.path))];
}

// SPDX-License-Identifier: AGPL-3.0-only

/** Licences whose code may be part of a program under AGPL-3.0-only that is also sold under other terms. */
const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Python-2.0",
  "Unlicense",
  "WTFPL",
  "Zlib",
]);

/**
 * Whether an SPDX expression lets us ship the code. `OR` needs one side, `AND` both and binds tighter. A copyleft
 * licence is not allowed, since it would bind those who take Hearth under the commercial licence.
 */
export function isLicenceAllowed(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  const readList = (separator: "OR" | "AND", readOne: () => boolean): boolean => {
    const found = [readOne()];
    while (tokens[0] === separator) {
      tokens.shift();
      found.push(readOne());
    }
    return separator === "OR" ? found.some(Boolean) : found.every(Boolean);
  };
  const readExpression = (): boolean => readList("OR", () => readList("AND", readOperand));
  const readOperand = (): boolean => {
    const token = tokens.shift() ?? "";
    if (token !== "(") return permissive.has(token);
    const isAllowed = readExpression();
    return tokens.shift() === ")" && isAllowed;
  };
  const isAllowed = readExpression();
  return isAllowed && tokens.length === 0;
}

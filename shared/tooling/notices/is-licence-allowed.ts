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
 * Whether an SPDX expression lets us ship the code. `OR` needs one side, `AND` both. A copyleft licence is not
 * allowed, since it would bind those who take Hearth under the commercial licence.
 */
export function isLicenceAllowed(expression: string): boolean {
  const inner = expression.trim().replace(/^\((.*)\)$/, "$1");
  if (/\sOR\s/.test(inner)) return inner.split(/\sOR\s/).some(isLicenceAllowed);
  if (/\sAND\s/.test(inner)) return inner.split(/\sAND\s/).every(isLicenceAllowed);
  return permissive.has(inner);
}

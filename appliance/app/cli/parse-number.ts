// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";

/**
 * The value of an option that takes a whole number.
 * @throws HearthError `option-invalid` that names the option, the value and the range.
 */
export function parseWholeNumber(option: string, text: string, [least, most]: readonly [number, number]): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new HearthError({
    code: "option-invalid",
    message: `${option} is "${text}", which is not a whole number from ${least} to ${most}`,
    remedy: `Write for example ${option} ${Math.min(most, Math.max(least, 20))}.`,
  });
}

// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../../shared/errors/index.ts";

/** What can be wrong with something that is to become knowledge. */
export type KnowledgeErrorCode =
  | "knowledge-not-found"
  | "knowledge-path-missing"
  | "knowledge-unreadable"
  | "knowledge-type-unsupported"
  | "knowledge-too-large"
  | "knowledge-not-text"
  | "knowledge-malformed"
  | "knowledge-empty"
  | "knowledge-link-outside"
  | "knowledge-data-folder"
  | "knowledge-handbook";

/** A typed error of this module. */
export function knowledgeError(
  code: KnowledgeErrorCode,
  message: string,
  remedy: string,
): HearthError<KnowledgeErrorCode> {
  return new HearthError({ code, message, remedy });
}

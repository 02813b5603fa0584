// SPDX-License-Identifier: AGPL-3.0-only
import type { AddedKnowledge, Knowledge, KnowledgeSource } from "../../agent/knowledge/index.ts";
import type { Audit } from "../../gateway/audit/index.ts";
import type { ApiServices, KnowledgeSource as ApiSource } from "../../lan/http-api/index.ts";

/** Knowledge as the box API shows and changes it. */
export function createKnowledgeService(knowledge: Knowledge, audit: Pick<Audit, "append">): ApiServices["knowledge"] {
  return {
    list: () => knowledge.list().map(toApiSource),
    async add(request, actor) {
      audit.append({ actor, action: "knowledge-adding", target: "" });
      const added: AddedKnowledge =
        "path" in request
          ? await knowledge.addPath(request.path, new AbortController().signal)
          : knowledge.addText(request.title, request.text);
      return { sources: [toApiSource(added.source)], skipped: added.skipped.map((file) => ({ ...file })) };
    },
    remove(id, actor) {
      audit.append({ actor, action: "knowledge-removing", target: id });
      knowledge.remove(id);
    },
    search: (query, limit) =>
      knowledge.search(query, { limit }).passages.map((passage) => ({
        sourceId: passage.source,
        title: passage.title,
        heading: passage.heading,
        text: passage.text,
        score: passage.score,
      })),
  };
}

function toApiSource(source: KnowledgeSource): ApiSource {
  return { ...source };
}

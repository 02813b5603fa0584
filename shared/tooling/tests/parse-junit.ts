// SPDX-License-Identifier: AGPL-3.0-only

/** One test and how it went. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly durationMs: number;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads the JUnit report of `bun test`: its `testcase` elements carry the file, the describe blocks (`classname`), the
 * name and, when it did not pass, a child `failure`, `error` or `skipped` (`todo` counts as skipped).
 */
export function parseJunit(xml: string): readonly TestResult[] {
  const results: TestResult[] = [];
  for (const [, head = "", isEmpty, body = ""] of xml.matchAll(
    /<testcase\b([^>]*?)(?:(\/)>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const attributes = readAttributes(head);
    const group = attributes.classname ?? "";
    const name = attributes.name ?? "";
    results.push({
      file: attributes.file ?? "",
      name: group === "" ? name : `${group} > ${name}`,
      outcome: isEmpty === "/" ? "passed" : readOutcome(body),
      durationMs: Number(attributes.time ?? 0) * 1000,
    });
  }
  return results;
}

function readOutcome(body: string): TestResult["outcome"] {
  if (/<(failure|error)\b/.test(body)) return "failed";
  return /<skipped\b/.test(body) ? "skipped" : "passed";
}

function readAttributes(head: string): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [, key = "", value = ""] of head.matchAll(/([\w-]+)="([^"]*)"/g)) {
    attributes[key] = value.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, entity: string) => decodeEntity(whole, entity));
  }
  return attributes;
}

function decodeEntity(whole: string, entity: string): string {
  if (entity.startsWith("#x")) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
  if (entity.startsWith("#")) return String.fromCodePoint(Number.parseInt(entity.slice(1), 10));
  return entities[entity] ?? whole;
}

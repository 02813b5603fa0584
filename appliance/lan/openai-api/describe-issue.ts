// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** How the schema library's own texts begin; every other text was written with its schema. */
const libraryText = /^(Invalid|Too (big|small)|Unrecognized|Expected)\b/;

/** Where a value does not fit its schema, and what is expected there, as a sentence that never repeats the value. */
export interface DescribedIssue {
  /** Such as `messages[0].content`; empty for the whole. */
  readonly place: string;
  readonly sentence: string;
}

/** The first thing that is wrong, in plain words. `whole` names what was checked, such as `The body`. */
export function describeIssue({ issues }: z.ZodError, whole: string): DescribedIssue {
  const { issue, path } = deepestIssue(issues, []);
  const place = formatPath(path);
  const subject = place === "" ? whole : `'${place}'`;
  return { place, sentence: issue === undefined ? `${subject} is not valid.` : sentenceOf(subject, issue) };
}

interface IssuePlace {
  readonly issue: Issue | undefined;
  readonly path: readonly PropertyKey[];
}

/** Of a union's branches, the one that got furthest, or else misses least, is the one that was meant. */
function deepestIssue(issues: readonly Issue[], prefix: readonly PropertyKey[]): IssuePlace {
  const [issue] = issues;
  const path = [...prefix, ...(issue?.path ?? [])];
  if (issue?.code !== "invalid_union") return { issue, path };
  const branches = [...issue.errors]
    .sort((one, other) => one.length - other.length)
    .map((branch) => deepestIssue(branch, path));
  const deepest = branches.reduce<IssuePlace>(
    (best, branch) => (branch.path.length > best.path.length ? branch : best),
    { issue, path },
  );
  if (deepest.issue !== issue || !libraryText.test(issue.message)) return deepest;
  // Of the right kind, but with too much in it or too little.
  return branches.find((branch) => branch.issue?.code !== "invalid_type") ?? deepest;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

function sentenceOf(subject: string, issue: Issue): string {
  if (!libraryText.test(issue.message)) return `${subject}: ${issue.message}.`;
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? `${subject} is missing; it must be ${kindOf(issue.expected)}.`
        : `${subject} must be ${kindOf(issue.expected)}.`;
    case "too_small":
      return `${subject} must ${leastOf(issue)}.`;
    case "too_big":
      return `${subject} must ${mostOf(issue)}.`;
    case "invalid_value":
      return `${subject} must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}.`;
    case "unrecognized_keys":
      return `'${issue.keys[0]?.slice(0, 64)}' is not part of this request.`;
    case "invalid_key":
      return issue.issues[0] === undefined ? `${subject} is not valid.` : sentenceOf(subject, issue.issues[0]);
    case "invalid_union": {
      const expected = issue.errors.flatMap(([first]) =>
        first?.code === "invalid_type" ? [kindOf(first.expected)] : [],
      );
      if (expected.length > 0) return `${subject} must be ${[...new Set(expected)].join(" or ")}.`;
      return `${subject} is not one of the values that are taken here.`;
    }
    default:
      return `${subject} is not in a form that is taken here.`;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

function kindOf(expected: string): string {
  return kinds[expected] ?? `of the type ${expected}`;
}

function leastOf({ origin, minimum, inclusive }: Extract<Issue, { code: "too_small" }>): string {
  if (origin === "string" && minimum === 1) return "not be empty";
  if (origin === "string") return `have at least ${minimum} characters`;
  if (origin === "array") return minimum === 1 ? "have at least one entry" : `have at least ${minimum} entries`;
  return inclusive === false ? `be more than ${minimum}` : `be at least ${minimum}`;
}

function mostOf({ origin, maximum, inclusive }: Extract<Issue, { code: "too_big" }>): string {
  if (origin === "string") return `have at most ${maximum} characters`;
  if (origin === "array") return `have at most ${maximum} entries`;
  return inclusive === false ? `be less than ${maximum}` : `be at most ${maximum}`;
}

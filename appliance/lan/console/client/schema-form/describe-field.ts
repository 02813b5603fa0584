// SPDX-License-Identifier: AGPL-3.0-only
import type { SchemaField } from "./read-schema-fields.ts";
import type { schemaFormTexts } from "./schema-form-texts.ts";

type FormTexts = (typeof schemaFormTexts)["en"];

/** The fields of the channels in the box: each has its name as a key in the texts, and its hint under `<name>Hint`. */
const knownFields = [
  "jid",
  "password",
  "host",
  "port",
  "tls",
  "caCertificate",
  "keepAliveSeconds",
  "secret",
  "callback",
  "requestsPerSecond",
] as const;

/** What a field is called and means: in the console's words, else the manifest's, else its bare name. */
export function describeField(
  texts: FormTexts,
  field: SchemaField,
): { readonly label: string; readonly hint: string | undefined } {
  const known = knownFields.find((name) => name === field.name);
  if (known !== undefined) return { label: texts[known], hint: texts[`${known}Hint`] };
  return { label: field.title ?? field.name, hint: field.description };
}

/** What a choice of a field is called; one that the console does not know keeps its bare name. */
export function describeChoice(texts: FormTexts, fieldName: string, choice: string): string {
  const names: Readonly<Record<string, string>> = {
    "tls/starttls": texts.tlsStarttls,
    "tls/direct": texts.tlsDirect,
    "tls/none": texts.tlsNone,
  };
  return names[`${fieldName}/${choice}`] ?? choice;
}

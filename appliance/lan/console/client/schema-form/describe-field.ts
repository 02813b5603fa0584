// SPDX-License-Identifier: AGPL-3.0-only
import type { SchemaField } from "./read-schema-fields.ts";
import type { schemaFormTexts } from "./schema-form-texts.ts";

type FormTexts = (typeof schemaFormTexts)["en"];

/** What a field is called and means: in the console's words, else the manifest's, else its bare name. */
export function describeField(
  texts: FormTexts,
  field: SchemaField,
): { readonly label: string; readonly hint: string | undefined } {
  const known: Readonly<Record<string, readonly [string, string]>> = {
    jid: [texts.jid, texts.jidHint],
    password: [texts.password, texts.passwordHint],
    service: [texts.service, texts.serviceHint],
    resource: [texts.resource, texts.resourceHint],
    secret: [texts.secret, texts.secretHint],
    callback: [texts.callback, texts.callbackHint],
    allowPlain: [texts.allowPlain, texts.allowPlainHint],
  };
  const own = known[field.name];
  if (own !== undefined) return { label: own[0], hint: own[1] };
  return { label: field.title ?? field.name, hint: field.description };
}

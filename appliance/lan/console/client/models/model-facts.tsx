// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Model } from "../../../http-api/index.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Facts } from "../ui/facts.tsx";
import { modelsTexts } from "./models-texts.ts";

/** What is known of a model without opening its file. */
export function ModelFacts(props: { readonly model: Model }): JSX.Element {
  const texts = useTexts(modelsTexts);
  const format = useApp().formatter.value;
  const { model } = props;
  const facts: (readonly [string, string])[] = [
    ...(model.parameterCount === undefined ? [] : [[texts.parameters, format.count(model.parameterCount)] as const]),
    ...(model.sizeBytes === undefined ? [] : [[texts.size, format.bytes(model.sizeBytes)] as const]),
    ...(model.quantization === undefined ? [] : [[texts.quantization, model.quantization] as const]),
    [texts.context, texts.contextValue(format.number(model.contextTokens))],
    ...(model.licence === undefined ? [] : [[texts.licence, model.licence] as const]),
    [texts.tools, model.canCallTools ? texts.can : texts.cannot],
    [texts.embeddings, model.canEmbed ? texts.can : texts.cannot],
  ];
  return <Facts facts={facts} />;
}

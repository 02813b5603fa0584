// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ModelInspection } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Facts } from "../ui/facts.tsx";
import { Skeleton } from "../ui/loaded.tsx";
import { Notice, ProblemNotice } from "../ui/notice.tsx";
import { modelsTexts } from "./models-texts.ts";

function Memory(props: { readonly memory: NonNullable<ModelInspection["memory"]> }): JSX.Element {
  const texts = useTexts(modelsTexts);
  const format = useApp().formatter.value;
  const { memory } = props;
  const said = texts.memoryMeter(format.bytes(memory.neededBytes), format.bytes(memory.availableBytes));
  return (
    <>
      <h3>{texts.memoryTitle}</h3>
      <meter class="meter" min={0} max={memory.availableBytes} value={memory.neededBytes} aria-label={said} />
      <Facts
        facts={[
          [texts.weights, format.bytes(memory.weightsBytes)],
          [texts.contextMemory, format.bytes(memory.contextBytes)],
          [texts.needed, format.bytes(memory.neededBytes)],
          [texts.available, format.bytes(memory.availableBytes)],
        ]}
      />
      <Notice tone={memory.fits ? "good" : "bad"}>
        <p>{memory.fits ? texts.fits : texts.fitsNot}</p>
      </Notice>
    </>
  );
}

function Inspection(props: { readonly inspection: ModelInspection }): JSX.Element {
  const texts = useTexts(modelsTexts);
  const format = useApp().formatter.value;
  const { inspection } = props;
  const optional: readonly (readonly [string, string | undefined])[] = [
    [texts.architecture, inspection.architecture],
    [texts.parameters, inspection.parameterCount === undefined ? undefined : format.count(inspection.parameterCount)],
    [texts.size, inspection.sizeBytes === undefined ? undefined : format.bytes(inspection.sizeBytes)],
    [texts.quantization, inspection.quantization],
    [
      texts.trainedContext,
      inspection.trainedContextTokens === undefined
        ? undefined
        : texts.contextValue(format.number(inspection.trainedContextTokens)),
    ],
    [texts.layers, inspection.layers === undefined ? undefined : format.number(inspection.layers)],
    [texts.template, inspection.hasChatTemplate ? texts.templateYes : texts.templateNo],
    [texts.licence, inspection.licence],
  ];
  return (
    <>
      <Facts facts={optional.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))} />
      {inspection.memory === undefined ? null : <Memory memory={inspection.memory} />}
      {inspection.problems.length === 0 ? null : (
        <Notice tone="warn">
          <h3>{texts.problems}</h3>
          {inspection.problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </Notice>
      )}
    </>
  );
}

/** What a model's file says about itself, and whether it fits. */
export function InspectModelDialog(props: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const { api } = useApp();
  const texts = useTexts(modelsTexts);
  const { run, problem } = useAction();
  const [inspection, setInspection] = useState<ModelInspection | undefined>(undefined);
  useEffect(() => {
    void run(() => api.send<ModelInspection>("POST", "/api/models/inspect", { model: props.id }), setInspection);
  }, [api, run, props.id]);
  return (
    <Dialog title={texts.inspectTitle(props.id)} onClose={props.onClose}>
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      {inspection === undefined ? problem === undefined ? <Skeleton /> : null : <Inspection inspection={inspection} />}
    </Dialog>
  );
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Channel } from "../../../http-api/index.ts";
import { useTexts } from "../app/use-texts.ts";
import { policyTexts } from "./policy-texts.ts";

type Policy = Channel["policy"];

/** Who may talk on a channel: three choices, each with what it means. */
export function PolicyChoice(props: {
  readonly value: Policy;
  readonly onChange: (policy: Policy) => void;
}): JSX.Element {
  const texts = useTexts(policyTexts);
  const name = useId();
  const choices: readonly { policy: Policy; title: string; body: string }[] = [
    { policy: "pairing", title: texts.pairing, body: texts.pairingBody },
    { policy: "closed", title: texts.closed, body: texts.closedBody },
    { policy: "anyone", title: texts.anyone, body: texts.anyoneBody },
  ];
  return (
    <fieldset>
      <legend class="legend">{texts.legend}</legend>
      <div class="choices">
        {choices.map((choice) => (
          <label class="choice" key={choice.policy}>
            <input
              type="radio"
              name={name}
              value={choice.policy}
              checked={props.value === choice.policy}
              onChange={() => props.onChange(choice.policy)}
            />
            <span>
              <strong>{choice.title}</strong>
              <br />
              <span class="soft small">{choice.body}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

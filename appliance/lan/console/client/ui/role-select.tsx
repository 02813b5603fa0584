// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Person } from "../../../http-api/index.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { roleName } from "./role-name.ts";
import { SelectField } from "./select-field.tsx";

const givable = ["operator", "member", "guest"] as const;

/** One of the roles that can be given to somebody. An owner stays what they are. */
export function RoleSelect(props: {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly isDisabled?: boolean;
  readonly value: Person["role"];
  readonly onChange: (role: Person["role"]) => void;
}): JSX.Element {
  const texts = useTexts(commonTexts);
  const roles: readonly Person["role"][] = props.value === "owner" ? ["owner", ...givable] : givable;
  return (
    <SelectField
      label={props.label}
      isLabelHidden={props.isLabelHidden === true}
      isDisabled={props.isDisabled === true}
      value={props.value}
      options={roles.map((role) => ({ value: role, text: roleName(texts, role) }))}
      onChange={props.onChange}
    />
  );
}

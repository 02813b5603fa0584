// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon.tsx";

export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly kind?: "primary" | "danger" | "danger primary" | "quiet";
  readonly icon?: IconName;
  /** Needed where there is no text. */
  readonly label?: string;
  readonly isSmall?: boolean;
  readonly isDisabled?: boolean;
  readonly isSubmit?: boolean;
  readonly onPress?: (event: Event) => void;
}

export function Button(props: ButtonProps): JSX.Element {
  const classes = ["button", props.kind, props.isSmall === true && "small", props.children === undefined && "square"];
  return (
    <button
      type={props.isSubmit === true ? "submit" : "button"}
      class={classes.filter((name) => typeof name === "string").join(" ")}
      disabled={props.isDisabled === true}
      onClick={props.onPress}
      {...(props.label === undefined ? {} : { "aria-label": props.label, title: props.label })}
    >
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      {props.children}
    </button>
  );
}

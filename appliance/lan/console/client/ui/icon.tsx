// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";

/** Outlines on a grid of 24, drawn with the colour of the text. */
const outlines = {
  home: "M4 11.5 12 4.5l8 7M6 10v9.500h12V10M10 19.500v-5h4v5",
  chat: "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.500 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 9.500h8M8 12.500h5",
  conversations: "M4 13.500 6.500 5h11L20 13.500V19H4zM4 13.500h4.500l1 2.500h5l1-2.500H20",
  channels: "M9 4v5M15 4v5M6.500 9h11v3a5.500 5.500 0 0 1-11 0zM12 17.500V21",
  people:
    "M9 11a3.200 3.200 0 1 0 0-6.400A3.200 3.200 0 0 0 9 11zM3 19.500c0-3.300 2.700-5.500 6-5.500s6 2.200 6 5.500M16 4.900a3.200 3.200 0 0 1 0 5.800M17.500 14.300c2.100.7 3.500 2.600 3.500 5.200",
  models:
    "M7 7h10v10H7zM10 10h4v4h-4zM9.500 3.500V7M14.500 3.500V7M9.500 17v3.500M14.500 17v3.500M3.500 9.500H7M3.500 14.500H7M17 9.500h3.500M17 14.500h3.500",
  knowledge:
    "M12 6.500C10 5 7.500 4.500 4 4.500v13c3.500 0 6 .5 8 2 2-1.500 4.500-2 8-2v-13c-3.500 0-6 .5-8 2zM12 6.500v13",
  activity: "M3.500 12.500h4l2.500-7 4 13 2.500-6h4",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.800v4.400M9 14.800v4.400",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.500 10 17.500 19.500 7",
  close: "M6 6l12 12M18 6 6 18",
  alert: "M12 4 2.500 20h19zM12 10v4.500M12 17.200v.01",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.700v.01",
  key: "M14.500 14a4.500 4.500 0 1 0-4.300-3.200L4 17v3h3v-2h2v-2h2l.800-2.300c.8.2 1.700.3 2.700.3zM15.500 8.500v.01",
  offline:
    "M4 4l16 16M9 17.500a4 4 0 0 1 6 0M12 20.500v.01M5.500 13.500a10 10 0 0 1 4.500-2.600M18.500 13.500a10 10 0 0 0-3-2M2.500 9.800a14 14 0 0 1 4-2.700M21.500 9.800A14 14 0 0 0 10.500 6",
  back: "M14.500 5.500 8 12l6.500 6.500",
} as const;

export type IconName = keyof typeof outlines;

/** A picture beside a word; screen readers skip it. */
export function Icon(props: { readonly name: IconName }): JSX.Element {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={props.name === "menu" ? 3 : 1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={outlines[props.name]} />
    </svg>
  );
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useApp } from "./app-context.ts";

const shownMs = 4000;

/** Shows a short confirmation for some seconds. The region is always there, so that screen readers watch it. */
export function Toast(): JSX.Element {
  const { notice } = useApp();
  const text = notice.value;
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(() => {
      notice.value = "";
    }, shownMs);
    return () => clearTimeout(timer);
  }, [notice, text]);
  return (
    <div class="toast" role="status" aria-live="polite">
      {text === "" ? null : <p>{text}</p>}
    </div>
  );
}

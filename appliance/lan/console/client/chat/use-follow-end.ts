// SPDX-License-Identifier: AGPL-3.0-only
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const nearEndPixels = 80;

/** Keeps a scrolled area at its end while it grows, unless the person has scrolled up to read. */
export function useFollowEnd<Area extends HTMLElement>(
  content: unknown,
): {
  readonly area: RefObject<Area | null>;
  readonly onScroll: () => void;
} {
  const area = useRef<Area>(null);
  const isFollowing = useRef(true);
  useLayoutEffect(() => {
    const element = area.current;
    if (element !== null && isFollowing.current) element.scrollTop = element.scrollHeight;
  }, [content]);
  return {
    area,
    onScroll: () => {
      const element = area.current;
      if (element === null) return;
      isFollowing.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPixels;
    },
  };
}

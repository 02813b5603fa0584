// SPDX-License-Identifier: AGPL-3.0-only
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef } from "preact/hooks";

const nearEndPixels = 80;

/** Keeps a scrolled area at its end while it or its place changes, unless the person has scrolled up to read. */
export function useFollowEnd<Area extends HTMLElement>(
  content: unknown,
): {
  readonly area: RefObject<Area | null>;
  readonly onScroll: () => void;
} {
  const area = useRef<Area>(null);
  const isFollowing = useRef(true);
  const follow = useCallback(() => {
    const element = area.current;
    if (element !== null && isFollowing.current) element.scrollTop = element.scrollHeight;
  }, []);
  useLayoutEffect(follow, [content]);
  useEffect(() => {
    if (area.current === null) return;
    const observer = new ResizeObserver(follow);
    observer.observe(area.current);
    return () => observer.disconnect();
  }, [follow]);
  return {
    area,
    onScroll: () => {
      const element = area.current;
      if (element === null) return;
      isFollowing.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPixels;
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import { useEffect, useState } from "preact/hooks";
import type { Activity, ActivityPoint } from "../../../http-api/index.ts";
import { type Resource, useResource } from "../api/use-resource.ts";
import { mergePoints } from "./merge-points.ts";

const retryMs = 3000;

/** The activity ring, with each new point as it comes. */
export interface LiveActivity {
  readonly points: readonly ActivityPoint[];
  readonly resource: Resource<Activity>;
  readonly isLive: boolean;
}

/** Reads the ring, then follows the stream; after a break it reads the ring again, so that no point is missing. */
export function useActivity(): LiveActivity {
  const resource = useResource<Activity>("/api/activity");
  const [added, setAdded] = useState<readonly ActivityPoint[]>([]);
  const [isLive, setLive] = useState(false);
  const { reload } = resource;
  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let wasBroken = false;
    const connect = (): void => {
      const opened = new EventSource("/api/activity/stream");
      source = opened;
      opened.addEventListener("open", () => {
        setLive(true);
        if (wasBroken) reload();
      });
      opened.addEventListener("error", () => {
        wasBroken = true;
        setLive(false);
        // After an answer that is no stream the browser gives up; the box may only be starting.
        if (opened.readyState === EventSource.CLOSED) retry = setTimeout(connect, retryMs);
      });
      opened.addEventListener("point", (event) => {
        const point = JSON.parse((event as MessageEvent<string>).data) as ActivityPoint;
        setAdded((points) => mergePoints(points, [point]));
      });
    };
    connect();
    return () => {
      clearTimeout(retry);
      source?.close();
    };
  }, [reload]);
  return { points: mergePoints(resource.value?.points ?? [], added), resource, isLive };
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { LiveEvent } from "./types.ts";

type FinalEvent = Extract<LiveEvent, { type: "turn-ended" | "turn-failed" | "refused" }>;

/** Whether an event closes the live view of its row. */
export function isFinal(event: LiveEvent): event is FinalEvent {
  return event.type === "turn-ended" || event.type === "turn-failed" || event.type === "refused";
}

/**
 * The live views of the rows that are being answered. A row's view is kept as its state (started, text so far, place in
 * the queue, end), not as a list of events: each watcher pulls what it has not seen yet. So a slow watcher costs
 * nothing and stalls nobody; the text it missed comes as one longer delta.
 */
export interface LiveHub {
  publish(inboxId: string, event: LiveEvent): void;
  /** Ends with the final event, or when `signal` aborts. */
  watch(inboxId: string, signal: AbortSignal): AsyncIterable<LiveEvent>;
  /** Views held now. */
  readonly size: number;
}

interface View {
  started: Extract<LiveEvent, { type: "turn-started" }> | undefined;
  /** Counts `turn-started`: a row that is tried again begins its text anew. */
  attempt: number;
  text: string;
  queued: Extract<LiveEvent, { type: "turn-queued" }> | undefined;
  resumes: number;
  final: FinalEvent | undefined;
  watchers: Set<() => void>;
}

function apply(view: View, event: LiveEvent): void {
  if (isFinal(event)) {
    view.final = event;
    return;
  }
  switch (event.type) {
    case "turn-started":
      view.started = event;
      view.attempt += 1;
      view.text = "";
      view.queued = undefined;
      return;
    case "turn-queued":
      view.queued = event;
      return;
    case "turn-delta":
      view.text += event.text;
      return;
    case "turn-resumed":
      view.resumes += 1;
  }
}

interface Seen {
  attempt: number;
  offset: number;
  queued: View["queued"];
  resumes: number;
}

/** The next event that a watcher who has `seen` so much is owed; undefined when it is up to date. */
function nextEvent(view: View, seen: Seen): LiveEvent | undefined {
  if (view.started !== undefined && seen.attempt !== view.attempt) {
    Object.assign(seen, { attempt: view.attempt, offset: 0, queued: undefined });
    return view.started;
  }
  if (view.queued !== seen.queued && view.queued !== undefined && view.text === "") {
    seen.queued = view.queued;
    return view.queued;
  }
  if (seen.resumes !== view.resumes) {
    seen.resumes = view.resumes;
    return { type: "turn-resumed" };
  }
  if (view.text.length > seen.offset) {
    const text = view.text.slice(seen.offset);
    seen.offset = view.text.length;
    return { type: "turn-delta", text };
  }
  return view.final;
}

/** Makes a {@link LiveHub}. A view ends with its final event; who watches afterwards asks the inbox. */
export function createLiveHub(): LiveHub {
  const views = new Map<string, View>();
  const viewOf = (inboxId: string): View => {
    const known = views.get(inboxId);
    if (known !== undefined) return known;
    const view: View = {
      started: undefined,
      attempt: 0,
      text: "",
      queued: undefined,
      resumes: 0,
      final: undefined,
      watchers: new Set(),
    };
    views.set(inboxId, view);
    return view;
  };

  async function* watch(inboxId: string, signal: AbortSignal): AsyncGenerator<LiveEvent> {
    const view = viewOf(inboxId);
    const seen: Seen = { attempt: 0, offset: 0, queued: undefined, resumes: view.resumes };
    let wake: () => void = () => undefined;
    const notify = (): void => wake();
    view.watchers.add(notify);
    signal.addEventListener("abort", notify);
    try {
      while (!signal.aborted) {
        const event = nextEvent(view, seen);
        if (event !== undefined) {
          yield event;
          if (isFinal(event)) return;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener("abort", notify);
      view.watchers.delete(notify);
      // A view that nobody watches and nothing was said in is only this watcher's own.
      const isIdle = view.watchers.size === 0 && view.attempt === 0 && view.final === undefined;
      if (isIdle && views.get(inboxId) === view) views.delete(inboxId);
    }
  }

  return {
    publish(inboxId, event) {
      const view = viewOf(inboxId);
      apply(view, event);
      if (isFinal(event)) views.delete(inboxId);
      for (const notify of [...view.watchers]) notify();
    },
    watch,
    get size() {
      return views.size;
    },
  };
}

// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Engine } from "../../inference/engine/index.ts";
import type { MessageRouter } from "../../messaging/router/index.ts";

/** Who calls `/v1`, after a key (or the control socket) proved it. */
export interface OpenAiCaller {
  /** Whose share of the engine and of the limits it uses, such as the key's id. */
  readonly tenant: string;
  readonly person: PersonId;
  readonly mayUseModels: boolean;
  readonly mayUseAgent: boolean;
}

/** One request, with its body read. */
export interface OpenAiCall {
  readonly caller: OpenAiCaller;
  readonly request: Request;
  readonly text: string;
  /** A streamed answer has ended, or its client has left. Not called for an answer that is sent whole. */
  readonly onClosed: () => void;
  /** Aborts when the box stops and answers have had their time. Absent: it never does. */
  readonly ending?: AbortSignal | undefined;
}

/** What the OpenAI-compatible API needs of the box. */
export interface OpenAiApiDeps {
  readonly engine: Engine;
  readonly router: MessageRouter;
  readonly clock: Clock;
  /** New ids, 24 or more characters of [a-z0-9]; unguessable. */
  readonly randomId: () => string;
  /** Counts one call of a tenant against its limit. */
  readonly takeFromLimit: (
    tenant: string,
  ) => { readonly isAllowed: true } | { readonly isAllowed: false; readonly retryAfterMs: number };
}

/** Times of the OpenAI-compatible API. */
export interface OpenAiApiOptions {
  /** A stream without an event for this long sends a comment. Default 15 s. */
  readonly heartbeatMs?: number;
  /** The status line is held back this long for an answer to begin or fail. Default 1 s. */
  readonly headerWaitMs?: number;
  /** A client that takes nothing of its stream for this long has lost it. Default 2 minutes. */
  readonly stallMs?: number;
}

// SPDX-License-Identifier: AGPL-3.0-only
import { type HearthError, isHearthError } from "../../../../shared/errors/index.ts";
import type { SequenceTask, TaskOutcome } from "../../scheduler/index.ts";
import type { NativeGrammarState, NativeSampler } from "../native-context.ts";
import { createMarkerScanner, type Marker } from "../text/marker-scanner.ts";
import { createTokenText, type TextPiece } from "../text/token-text.ts";
import { parseCalls } from "../text/tool-calls.ts";
import type { EngineErrorCode, FinishReason, TokenLogprob } from "../types.ts";
import type { GenerationNews } from "../wire/messages.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { PreparedRequest } from "./prepare-request.ts";
import { changesEachToken, samplerConfig } from "./sampler-config.ts";

/** A running generation: the scheduler's task, and the handle that the child steers it by. */
export interface Generation extends SequenceTask {
  /** Takes over what an earlier process sampled. True when the generation ended with it. */
  replay(tokens: readonly number[]): boolean;
  /** Ends it as cancelled: says what is held back. */
  cancel(): void;
  /** The reader took `tokens` more. */
  credit(tokens: number): void;
}

type Mode = "text" | "thought" | "call";
type MarkerKind = "stop" | "call" | "thought-begin" | "thought-end";

const engineCodes: readonly EngineErrorCode[] = [
  "queue-full",
  "prompt-too-long",
  "invalid-request",
  "model-not-found",
  "model-unavailable",
  "engine-unavailable",
  "decode-failed",
  "deadline-exceeded",
];

/** The code of an error as generations report it. */
export function engineErrorCode(error: HearthError): EngineErrorCode {
  return engineCodes.find((code) => code === error.code) ?? "decode-failed";
}

/** Everything of a generation that changes; the functions below move it on. */
interface State {
  readonly loaded: LoadedModel;
  readonly prepared: PreparedRequest;
  readonly publish: (news: GenerationNews) => void;
  readonly sampler: NativeSampler;
  readonly scanner: ReturnType<typeof createMarkerScanner<MarkerKind>>;
  readonly text: ReturnType<typeof createTokenText>;
  readonly tokens: number[];
  readonly sampled: number[];
  mode: Mode;
  grammar: NativeGrammarState | undefined;
  isConfigured: boolean;
  isOver: boolean;
  samplesRunning: number;
  cachedTokens: number;
  creditTokens: number;
  callText: string;
  callsSaid: number;
  /** What this step is going to publish. */
  released: string;
  logprobs: TokenLogprob[];
}

function markersOf(state: State): readonly Marker<MarkerKind>[] {
  const { stopTexts, syntax, thought, toolMode } = state.prepared;
  const markers: Marker<MarkerKind>[] = stopTexts.map((text) => ({ kind: "stop", text }));
  if (state.mode === "thought") return thought === undefined ? [] : [{ kind: "thought-end", text: thought.end }];
  if (thought !== undefined && thought.begin !== "") markers.push({ kind: "thought-begin", text: thought.begin });
  if (toolMode === "auto") markers.push({ kind: "call", text: syntax.opening });
  return markers;
}

/** A cancel may come while the native side samples with it: the sampler is given back after that. */
function disposeSampler(state: State): void {
  if (state.samplesRunning === 0) state.sampler.dispose();
}

function finish(state: State, reason: FinishReason): TaskOutcome {
  if (state.isOver) return "finished";
  state.isOver = true;
  flushTokens(state);
  const usage = {
    promptTokens: state.prepared.promptTokens.length,
    cachedTokens: Math.min(state.cachedTokens, state.prepared.promptTokens.length),
    completionTokens: state.sampled.length,
  };
  state.publish({ id: state.prepared.request.id, type: "end", reason, usage });
  disposeSampler(state);
  return "finished";
}

/** Publishes the tokens since the last time, with the text that they released. */
function flushTokens(state: State, tokens: readonly number[] = []): void {
  if (tokens.length === 0 && state.released === "") return;
  const { id } = state.prepared.request;
  const logprobs = state.logprobs.length === 0 ? {} : { logprobs: state.logprobs };
  state.publish({ id, type: "tokens", tokens, text: state.released, ...logprobs });
  state.released = "";
  state.logprobs = [];
}

function release(state: State, text: string): void {
  if (state.mode === "text") state.released += text;
}

/** Text and thoughts end here; what is left in the scanner may be said. */
function endText(state: State): void {
  const pieces = state.text.flush();
  if (state.mode === "call") return;
  const { released } = state.scanner.push(pieces, []);
  release(state, released + state.scanner.flush());
}

/**
 * The model opened a tool call in free text. From here on the grammar holds it. Tokens that said more than the opening
 * are taken back: what they said is generated again, by the rules.
 */
function beginCall(state: State, rest: readonly TextPiece[]): TaskOutcome {
  const { callGrammar } = state.prepared;
  if (callGrammar === undefined) return "continue";
  state.mode = "call";
  state.callText = "";
  state.grammar = state.loaded.context.createGrammarState(callGrammar);
  state.isConfigured = false;
  let excess = rest.reduce((sum, piece) => sum + piece.text.length, 0);
  if (excess === 0) return "continue";
  const { vocabulary } = state.loaded;
  while (excess > 0 && state.tokens.length > state.prepared.promptTokens.length) {
    const last = state.tokens.pop() ?? 0;
    const text = vocabulary.detokenize([last], true);
    if (text.length > excess) state.tokens.push(...vocabulary.tokenize(text.slice(0, text.length - excess), false));
    excess -= text.length;
  }
  return "rewound";
}

function takeCallText(state: State, pieces: readonly TextPiece[]): TaskOutcome {
  const { request, syntax, isParallel } = state.prepared;
  for (const piece of pieces) state.callText += piece.text;
  const calls = parseCalls(state.callText, syntax, request.tools ?? []);
  for (; state.callsSaid < calls.length; state.callsSaid++) {
    const call = calls[state.callsSaid];
    if (call === undefined) break;
    flushTokens(state);
    const id = `call_${request.id.replace(/[^a-zA-Z0-9]/g, "").slice(-12)}_${state.callsSaid}`;
    state.publish({ id: request.id, type: "tool-call", index: state.callsSaid, call: { id, ...call } });
  }
  if (state.callsSaid > 0 && (!isParallel || syntax.betweenCalls === undefined)) return finish(state, "tool-calls");
  return "continue";
}

function takeText(state: State, pieces: readonly TextPiece[]): TaskOutcome {
  let rest = pieces;
  for (;;) {
    const { found, released } = state.scanner.push(rest, markersOf(state));
    release(state, released);
    if (found === undefined) return "continue";
    if (found.kind === "stop") return finish(state, "stop");
    if (found.kind === "call") return beginCall(state, found.rest);
    state.mode = found.kind === "thought-begin" ? "thought" : "text";
    rest = found.rest;
  }
}

/** Moves on by one sampled token. */
function take(state: State, token: number): TaskOutcome {
  const { prepared } = state;
  if (token < 0) {
    const { id } = prepared.request;
    state.isOver = true;
    state.publish({ id, type: "failed", code: "decode-failed", message: "the model gave no token to choose from" });
    return "finished";
  }
  state.sampled.push(token);
  const isEnd = state.loaded.vocabulary.isEndOfGeneration(token) || prepared.stopTokens.includes(token);
  if (isEnd) {
    endText(state);
    return finish(state, state.callsSaid > 0 ? "tool-calls" : "stop");
  }
  state.tokens.push(token);
  const pieces = state.text.push(token);
  const outcome = state.mode === "call" ? takeCallText(state, pieces) : takeText(state, pieces);
  if (outcome === "finished" || state.sampled.length < prepared.maxTokens) return outcome;
  endText(state);
  return finish(state, state.callsSaid > 0 ? "tool-calls" : "length");
}

async function addLogprobs(state: State, row: number, token: number): Promise<void> {
  const { topLogprobs } = state.prepared.request;
  if (topLogprobs === undefined || token < 0) return;
  const { context, vocabulary } = state.loaded;
  const found = await context.logprobs(row, token, topLogprobs);
  const text = (id: number): string => vocabulary.detokenize([id], true);
  const top = found.top.map((entry) => ({ token: text(entry.token), logprob: entry.logprob }));
  state.logprobs.push({ token: text(token), logprob: found.chosen, top });
}

async function sample(state: State, row: number): Promise<number> {
  configure(state);
  state.samplesRunning++;
  try {
    const token = await state.loaded.context.sample(row, state.sampler);
    await addLogprobs(state, row, token);
    return token;
  } finally {
    state.samplesRunning--;
    if (state.isOver) disposeSampler(state);
  }
}

function configure(state: State): void {
  const { sampling } = state.prepared;
  if (state.isConfigured && !changesEachToken(sampling)) return;
  state.sampler.configure(samplerConfig(sampling, state.sampled, state.grammar?.handle));
  state.isConfigured = true;
}

function createState(loaded: LoadedModel, prepared: PreparedRequest, publish: (news: GenerationNews) => void): State {
  const { startGrammar, toolMode } = prepared;
  return {
    loaded,
    prepared,
    publish,
    sampler: loaded.context.createSampler(),
    scanner: createMarkerScanner<MarkerKind>(),
    text: createTokenText(loaded.vocabulary),
    tokens: [...prepared.promptTokens],
    sampled: [],
    mode: toolMode === "forced" ? "call" : prepared.thought?.isOpen === true ? "thought" : "text",
    grammar: startGrammar === undefined ? undefined : loaded.context.createGrammarState(startGrammar),
    isConfigured: false,
    isOver: false,
    samplesRunning: 0,
    cachedTokens: 0,
    creditTokens: loaded.order.creditTokens,
    callText: "",
    callsSaid: 0,
    released: "",
    logprobs: [],
  };
}

function accept(state: State, token: number): TaskOutcome {
  if (state.isOver) return "finished";
  state.creditTokens--;
  try {
    const outcome = take(state, token);
    if (!state.isOver) flushTokens(state, [token]);
    return outcome;
  } catch (error) {
    state.isOver = true;
    const message = isHearthError(error) ? error.message : "the text of the answer could not be followed";
    state.publish({ id: state.prepared.request.id, type: "failed", code: "decode-failed", message });
    disposeSampler(state);
    return "finished";
  }
}

function fail(state: State, error: HearthError): void {
  if (state.isOver) return;
  flushTokens(state);
  state.isOver = true;
  state.publish({
    id: state.prepared.request.id,
    type: "failed",
    code: engineErrorCode(error),
    message: error.message,
  });
  disposeSampler(state);
}

function replay(state: State, tokens: readonly number[]): boolean {
  for (const token of tokens) {
    if (state.isOver) return true;
    state.grammar?.accept(token);
    take(state, token);
  }
  if (!state.isOver) flushTokens(state);
  return state.isOver;
}

/**
 * Makes a generation. Its course depends on the request and the sampled tokens alone, never on time or on what else
 * runs: that is what lets another process replay it.
 * @throws HearthError `invalid-request` when the grammar of the request is not accepted.
 */
export function createGeneration(
  loaded: LoadedModel,
  prepared: PreparedRequest,
  publish: (news: GenerationNews) => void,
): Generation {
  const state = createState(loaded, prepared, publish);
  const { deadlineMs, id, priority, tenant } = prepared.request;
  return {
    id,
    tenant,
    priority,
    cacheKey: loaded.id,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    tokens: state.tokens,
    get remainingTokens() {
      return Math.max(1, Math.min(prepared.maxTokens, prepared.expectedTokens) - state.sampled.length);
    },
    isPaused: () => state.creditTokens <= 0,
    started(cachedTokens) {
      state.cachedTokens = cachedTokens;
      const promptTokens = prepared.promptTokens.length;
      publish({ id, type: "started", promptTokens, cachedTokens: Math.min(cachedTokens, promptTokens) });
    },
    sample: (row) => sample(state, row),
    accept: (token) => accept(state, token),
    fail: (error) => fail(state, error),
    replay: (tokens) => replay(state, tokens),
    cancel() {
      if (state.isOver) return;
      endText(state);
      finish(state, "cancelled");
    },
    credit(tokens) {
      state.creditTokens += tokens;
    },
  };
}

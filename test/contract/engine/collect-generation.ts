// SPDX-License-Identifier: AGPL-3.0-only
import type {
  Engine,
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  ToolCall,
  Usage,
} from "../../../appliance/inference/engine/index.ts";
import { byteTokenizer } from "../../fixtures/gguf/byte-tokenizer.ts";
import { ggufShapes } from "../../fixtures/gguf/make-gguf.ts";

/** Everything that one generation said. */
export interface Collected {
  readonly events: readonly GenerateEvent[];
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly reason: FinishReason | undefined;
  readonly usage: Usage | undefined;
  readonly failure: Extract<GenerateEvent, { type: "failed" }> | undefined;
  readonly resumed: number;
}

let nextId = 1;
const tokenizer = byteTokenizer(ggufShapes.tiny.vocabularySize);
/** Random weights end an answer now and then; a test that counts tokens does not want that. */
const endless = { [tokenizer.imEndToken]: -100, [tokenizer.endOfTextToken]: -100 };

/** A request with what a test does not care about filled in. */
export function requestOf(partial: Partial<GenerateRequest> & Pick<GenerateRequest, "input">): GenerateRequest {
  const sampling = { logitBias: endless, ...partial.sampling };
  return { id: `test-${nextId++}`, tenant: "tester", priority: "interactive", ...partial, sampling };
}

/** A request for one question. */
export function question(text: string, partial: Partial<GenerateRequest> = {}): GenerateRequest {
  return requestOf({ input: { kind: "chat", messages: [{ role: "user", content: text }] }, maxTokens: 32, ...partial });
}

/** Runs a generation to its end. `onEvent` sees each event as it comes. */
export async function collect(
  engine: Engine,
  request: GenerateRequest,
  onEvent: (event: GenerateEvent, text: string) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<Collected> {
  const events: GenerateEvent[] = [];
  let text = "";
  for await (const event of engine.generate(request, signal)) {
    events.push(event);
    if (event.type === "delta") text += event.text;
    onEvent(event, text);
  }
  const end = events.find((event) => event.type === "end");
  const calls = events.flatMap((event) => (event.type === "tool-call" ? [event.call] : []));
  return {
    events,
    text,
    calls,
    reason: end?.reason,
    usage: end?.usage,
    failure: events.find((event) => event.type === "failed"),
    resumed: events.filter((event) => event.type === "resumed").length,
  };
}

// SPDX-License-Identifier: AGPL-3.0-only

/** What the text side needs of a tokenizer. */
export interface Vocabulary {
  tokenize(text: string, parseSpecial: boolean): readonly number[];
  /** Text of tokens; with `withSpecial`, control tokens as they are written. */
  detokenize(tokens: readonly number[], withSpecial: boolean): string;
  isControl(token: number): boolean;
  isEndOfGeneration(token: number): boolean;
}

/** A piece of generated text; `isControl`: written by control tokens, never shown to people. */
export interface TextPiece {
  readonly text: string;
  readonly isControl: boolean;
}

/** Turns tokens into text as they come. */
export interface TokenText {
  /** The text that this token completes; often one piece, none while a character is incomplete. */
  push(token: number): readonly TextPiece[];
  /** What is still held back, when nothing more comes. */
  flush(): readonly TextPiece[];
}

const replacement = "\uFFFD";
/** A UTF-8 character has at most four bytes: with more tokens than this pending, it is not a character any more. */
const maxPendingTokens = 8;
const contextTokens = 4;

/**
 * Incremental detokeniser. Tokens may hold parts of characters, and some tokenizers write a token differently at the
 * start of a text: so each piece is the difference between the text with and without the new tokens, behind a few
 * tokens of context. Never says half a character.
 */
export function createTokenText(vocabulary: Vocabulary): TokenText {
  let context: number[] = [];
  let contextText = "";
  let pending: number[] = [];

  const take = (isForced: boolean): readonly TextPiece[] => {
    if (pending.length === 0) return [];
    const text = vocabulary.detokenize([...context, ...pending], false);
    const isIncomplete = text.endsWith(replacement);
    if (isIncomplete && !isForced && pending.length < maxPendingTokens) return [];
    const piece = text.startsWith(contextText) ? text.slice(contextText.length) : vocabulary.detokenize(pending, false);
    context = [...context, ...pending].slice(-contextTokens);
    contextText = vocabulary.detokenize(context, false);
    pending = [];
    return piece === "" ? [] : [{ text: piece, isControl: false }];
  };
  return {
    push(token) {
      if (!vocabulary.isControl(token)) {
        pending.push(token);
        return take(false);
      }
      const before = take(true);
      context = [];
      contextText = "";
      const text = vocabulary.detokenize([token], true);
      return text === "" ? before : [...before, { text, isControl: true }];
    },
    flush: () => take(true),
  };
}

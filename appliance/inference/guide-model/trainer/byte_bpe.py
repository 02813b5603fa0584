# SPDX-License-Identifier: AGPL-3.0-only
"""Byte-level BPE that cuts text exactly as llama.cpp does for `tokenizer.ggml.pre = "qwen2"`.

Sources: the byte table of OpenAI's GPT-2 encoder; the regular expression of llama.cpp's
LLAMA_VOCAB_PRE_TYPE_QWEN2 (src/llama-vocab.cpp).
"""
import re
import sys
import unicodedata
from collections import Counter, defaultdict


def _char_class(prefix: str) -> str:
    """A regex character class of all code points whose Unicode category begins with prefix."""
    ranges, start, previous = [], None, None
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)).startswith(prefix):
            if start is None:
                start = point
            previous = point
        elif start is not None:
            ranges.append((start, previous))
            start = None
    return "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in ranges)


_L, _N = _char_class("L"), _char_class("N")
PRE_TOKEN = re.compile(
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
    rf"|[^\r\n{_L}{_N}]?[{_L}]+|[{_N}]| ?[^\s{_L}{_N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_characters() -> list:
    """GPT-2's printable stand-in for each of the 256 bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {}, 0
    for byte in range(256):
        if byte in printable:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(256 + extra)
            extra += 1
    return [table[byte] for byte in range(256)]


BYTE_CHARACTERS = byte_characters()


def to_characters(text: str) -> str:
    """The text as GPT-2 stand-in characters, one a byte."""
    return "".join(BYTE_CHARACTERS[byte] for byte in text.encode("utf-8"))


class ByteBpe:
    """Encoder for an ordered list of merges; token ids follow `tokens`."""

    def __init__(self, merges: list, specials: list):
        self.merges, self.specials = merges, specials
        self.tokens = [*BYTE_CHARACTERS, *(left + right for left, right in merges), *specials]
        self.ids = {token: index for index, token in enumerate(self.tokens)}
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._words, self._pieces = {}, {}

    def _word(self, word: str) -> list:
        known = self._words.get(word)
        if known is None:
            parts = list(to_characters(word))
            while len(parts) > 1:
                pairs = [(self.ranks.get(pair, 1 << 30), i) for i, pair in enumerate(zip(parts, parts[1:]))]
                rank, index = min(pairs)
                if rank == 1 << 30:
                    break
                parts[index : index + 2] = [parts[index] + parts[index + 1]]
            known = self._words[word] = [self.ids[part] for part in parts]
        return known

    def encode(self, text: str) -> list:
        """Token ids of plain text; specials are not parsed."""
        return [token for word in PRE_TOKEN.findall(text) for token in self._word(word)]

    def decode(self, tokens: list) -> str:
        """The text of token ids, specials left out."""
        characters = {character: byte for byte, character in enumerate(BYTE_CHARACTERS)}
        joined = "".join(self.tokens[token] for token in tokens if self.tokens[token] not in self.specials)
        return bytes(characters[character] for character in joined).decode("utf-8", "replace")


def learn_merges(words: Counter, count: int) -> list:
    """The `count` most frequent merges of the words (already as stand-in characters)."""
    parts = {word: list(word) for word in words}
    pair_counts, where = Counter(), defaultdict(set)
    for word, pieces in parts.items():
        for pair in zip(pieces, pieces[1:]):
            pair_counts[pair] += words[word]
            where[pair].add(word)
    merges = []
    while len(merges) < count and pair_counts:
        best = max(pair_counts, key=lambda pair: (pair_counts[pair], pair))
        if pair_counts[best] < 2:
            break
        merges.append(best)
        for word in sorted(where[best]):
            pieces = parts[word]
            for pair in zip(pieces, pieces[1:]):
                pair_counts[pair] -= words[word]
            merged, index = [], 0
            while index < len(pieces):
                if index + 1 < len(pieces) and (pieces[index], pieces[index + 1]) == best:
                    merged.append(pieces[index] + pieces[index + 1])
                    index += 2
                else:
                    merged.append(pieces[index])
                    index += 1
            parts[word] = merged
            for pair in zip(merged, merged[1:]):
                pair_counts[pair] += words[word]
                where[pair].add(word)
        del pair_counts[best]
    return merges

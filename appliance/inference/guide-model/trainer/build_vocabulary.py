# SPDX-License-Identifier: AGPL-3.0-only
"""Builds vocabulary.json: each Han character of GB 2312 level 1 is one token, then English merges by frequency."""
import json
import random
import re
from collections import Counter

import grammar_zh
from byte_bpe import BYTE_CHARACTERS, ByteBpe, learn_merges, to_characters
from entries import WORDS, grammar_entry, handbook_entries
from general_questions import general_question
from grammar_en import NOUNS, OPENERS, VERBS
from prompt_strings import HERE, MARKERS, SYSTEM, UNKNOWN, normalise_for_matching

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
ENGLISH_MERGES = 3300


def character_merges():
    """Merges that make one token of each common character; none of them can cross a character's border."""
    merges, seen = [], set()
    def add(left, right):
        if (left, right) not in seen:
            seen.add((left, right))
            merges.append((left, right))
    for lead in range(0xE4, 0xEA):
        for follow in range(0x80, 0xC0):
            add(BYTE_CHARACTERS[lead], BYTE_CHARACTERS[follow])
    rare = "".join(entry.text + entry.heading for entry in handbook_entries("zh")) + "".join(grammar_zh.NOUNS)
    for character in [*MARKERS, *grammar_zh.PUNCTUATION, *"éèêáàâíóôöúüßñçäåøæœÉÖÜÄ€£°", *grammar_zh.CHARACTERS, *rare, *UNKNOWN["zh"]]:
        parts = list(to_characters(character))
        while len(parts) > 1:
            add(parts[0], parts[1])
            parts[:2] = [parts[0] + parts[1]]
    return merges


def english_words():
    """Counts of Latin words with and without the space before them; digits, line ends and Han stay out."""
    rng, counts = random.Random(1), Counter()
    texts = [SYSTEM, UNKNOWN["en"]] * 50
    for entry in handbook_entries("en") + handbook_entries("zh"):
        texts += [entry.text] * 6 + [" " + entry.key] * 6
    texts += [" " + re.sub("/", " / ", " ".join(NOUNS + VERBS + OPENERS))] * 6
    for _ in range(3000):
        entry = grammar_entry(rng, False, NOUNS)
        texts += [entry.text, " " + entry.key, " " + normalise_for_matching(general_question(rng, False))]
    texts += [" " + " ".join(WORDS)] * 4
    for text in texts:
        for word in re.findall(r" ?[A-Za-z]+|'(?:s|t|re|ve|m|ll|d)", text):
            counts[to_characters(word)] += 1
    counts.update({to_characters(word): 40 for word in ["<|", " `", "`.", " --", "://", "()", "--"]})
    return counts


def main():
    merges = character_merges()
    merges += [pair for pair in learn_merges(english_words(), ENGLISH_MERGES) if pair not in set(merges)]
    path = HERE / "vocabulary.json"
    path.write_text(json.dumps({"specials": SPECIALS, "merges": [" ".join(pair) for pair in merges]}, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(len(ByteBpe(merges, SPECIALS).tokens), "tokens")


def load():
    """The committed vocabulary as an encoder."""
    stored = json.loads((HERE / "vocabulary.json").read_text(encoding="utf-8"))
    return ByteBpe([tuple(pair.split(" ")) for pair in stored["merges"]], stored["specials"])


if __name__ == "__main__":
    main()

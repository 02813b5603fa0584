# SPDX-License-Identifier: AGPL-3.0-only
"""Exchanges content words of an example for random tokens, everywhere at once.

What the model must learn is to copy and to match *any* token, while templates use few. An exchange keeps the form of the
text and makes every token of the vocabulary as frequent as any other. Words that stand in a heading but not in the
question stay: they may be synonyms of what is asked.
"""
import re

from grammar_en import STOP_WORDS


class Remapper:
    """Knows which tokens may stand in for each other: Han characters, words after a space, other pieces of words."""

    def __init__(self, bpe):
        kinds = {"han": [], "word": [], "piece": []}
        stop = {bpe.ids["Ġ" + word] for word in STOP_WORDS if "Ġ" + word in bpe.ids}
        han = re.compile(r"^[äåæçèé][^A-Za-zĠ0-9]{2}$")
        for index, token in enumerate(bpe.tokens[256 : -len(bpe.specials)], 256):
            if index in stop:
                continue
            if han.match(token):
                kinds["han"].append(index)
            elif re.match(r"^Ġ[a-z]{2,}$", token):
                kinds["word"].append(index)
            elif re.match(r"^[A-Za-z]{2,}$", token):
                kinds["piece"].append(index)
        self.alike = {index: members for members in kinds.values() for index in members}

    def mapping(self, example, rng):
        """Token → stand-in for one example; empty for two in five."""
        share = rng.choice((0, 0, 0.3, 0.6, 0.9))
        if share == 0:
            return {}
        asked = set(example.ids[slice(*example.question)])
        headings = set(example.heading_ids)
        right = {token for token, segment in zip(example.ids, example.segment) if segment == example.right + 1}
        found = {}
        for token in sorted(set(example.ids)):
            members = self.alike.get(token)
            if members is None:
                continue
            shared = token in asked and token in right
            if (shared and rng.random() < share * 0.5) or (token not in asked and token not in headings and rng.random() < share):
                found[token] = rng.choice(members)
        return found

    def apply(self, example, rng):
        """Changes the example's ids in place; the "I don't know" sentence stays as it is."""
        mapping = self.mapping(example, rng)
        if mapping:
            keep_from = example.answer_at if example.source is None else len(example.ids)
            first = example.markers[0] if example.markers else 0
            ids = example.ids
            example.ids = [mapping.get(t, t) if first <= i < keep_from and (example.segment[i] or i >= example.answer_at or example.question[0] <= i < example.question[1]) else t for i, t in enumerate(ids)]
        return example

# SPDX-License-Identifier: AGPL-3.0-only
"""Puts entries together to examples: up to three passages, a question, and the answer to copy or "I don't know"."""
import math
import random
import re
from collections import Counter

import grammar_en
import grammar_zh
from entries import everyday_entries, grammar_entry, handbook_entries, random_entry
from general_questions import general_question
from paraphrase import paraphrase
from remap import Remapper
from prompt_strings import MARKERS, QUESTION_PREFIX, SYSTEM, normalise_for_matching, unknown_for

ANSWER_START = "\n"
_units_cache = {}


def units(text):
    """What the ranker compares: lightly stemmed words, Han characters and pairs of them."""
    known = _units_cache.get(text)
    if known is None:
        words = [re.sub(r"(ing|ed|es|s|e)$", "", w) if len(w) > 4 else w for w in re.findall(r"[a-z0-9/_]+", text.lower()) if w not in grammar_en.STOP_WORDS]
        han = re.findall(r"[\u4e00-\u9fff]", text)
        known = Counter(words + han + [a + b for a, b in zip(han, han[1:])])
        if len(_units_cache) > 50000:
            _units_cache.clear()
        _units_cache[text] = known
    return known


def rank(entries, question):
    """The entries by BM25-like score, headings counted twice, best first; those that share nothing come last."""
    documents = [units(entry.heading) + units(entry.heading) + units(entry.text) for entry in entries]
    frequency = Counter(unit for document in documents for unit in document)
    asked = units(question)
    def score(document):
        length = sum(document.values())
        return sum(math.log(1 + len(entries) / (0.5 + frequency[u])) * document[u] * 2.2 / (document[u] + 0.8 + 0.4 * length / 20) for u in asked if u in document)
    scored = sorted(((score(document), -i) for i, document in enumerate(documents)), reverse=True)
    return [entries[-i] for s, i in scored]


class Example:
    """Token ids with what the loss needs: which passage is right and where each answer token is copied from."""

    def __init__(self, bpe, passages, question, right):
        ids, segment, word_zone = [bpe.ids["<|im_start|>"]], [0], [False]
        def put(text, seg=0, zone=False):
            tokens = bpe.encode(text)
            ids.extend(tokens), segment.extend([seg] * len(tokens)), word_zone.extend([zone] * len(tokens))
        def special(name):
            ids.append(bpe.ids[name]), segment.append(0), word_zone.append(False)
        put("system\n" + SYSTEM)
        source = None
        self.markers, self.heading_ids = [], []
        for index, entry in enumerate(passages):
            put("\n")
            self.markers.append(len(ids))
            put(f"{MARKERS[index]} {entry.key}", index + 1, True)
            self.heading_ids += ids[self.markers[-1] :]
            put("\n", index + 1)
            if index == right:
                source = len(ids)
            put(entry.text, index + 1, True)
        special("<|im_end|>"), put("\n"), special("<|im_start|>"), put("user\n" + QUESTION_PREFIX)
        begin = len(ids)
        put(normalise_for_matching(question))
        self.question = (begin, len(ids))
        special("<|im_end|>"), put("\n"), special("<|im_start|>"), put("assistant\n")
        self.answer_at = len(ids)
        put(passages[right].text if right is not None else unknown_for(question))
        special("<|im_end|>")
        self.ids, self.segment, self.word_zone, self.source = ids, segment, word_zone, source
        self.right = len(MARKERS) if right is None else right


class Generator:
    """An endless, seeded stream of examples. `stage` is 0 (one short passage), 1 (two) or 2 (all)."""

    def __init__(self, bpe, seed, forbidden=frozenset()):
        self.bpe, self.rng, self.stage = bpe, random.Random(seed), 0
        self.handbook = {False: handbook_entries("en"), True: handbook_entries("zh")}
        self.forbidden, self.remapper = forbidden, Remapper(bpe)

    def _pool(self, chinese):
        """Entries of one imaginary company: few nouns, so that entries resemble each other."""
        rng, grammar = self.rng, grammar_zh if chinese else grammar_en
        nouns = rng.sample(grammar.NOUNS, rng.randrange(3, 14))
        intents = rng.sample(list(grammar.INTENTS), rng.randrange(3, len(grammar.INTENTS) + 1))
        found = {}
        for _ in range(rng.randrange(4, 20)):
            entry = grammar_entry(rng, chinese, nouns, intents)
            found.setdefault(entry.topic, entry)
        if rng.random() < 0.4:
            for entry in everyday_entries(rng, chinese, rng.randrange(2, 16)):
                found[entry.topic] = entry
        return list(found.values())

    def _ask(self, entry):
        question = self.rng.choice(entry.questions) if entry.questions else paraphrase(entry.key, self.rng)
        return question if normalise_for_matching(question) not in self.forbidden else entry.heading

    def next(self):
        """One example, or a new try when chance made an unusable one."""
        while True:
            example = self._try()
            if example is not None and len(example.ids) <= 400:
                return self.remapper.apply(example, self.rng)

    def _try(self):
        rng = self.rng
        chinese = rng.random() < 0.52
        count = (1, 2, 3)[self.stage]
        if rng.random() < (0.5, 0.4, 0.2)[self.stage]:
            length = rng.randrange(3, (8, 14, 26)[self.stage])
            return self._build([random_entry(rng, chinese, length) for _ in range(count + 1)], chinese, count, None)
        use_handbook = rng.random() < 0.3
        return self._build(self.handbook[chinese] if use_handbook else self._pool(chinese), chinese, count, use_handbook)

    def _build(self, pool, chinese, count, natural):
        rng = self.rng
        entry = rng.choice(pool)
        question = self._ask(entry)
        chance = rng.random()
        refuse = (0.1, 0.1, 0.09)[self.stage]
        if chance < refuse * 0.2:  # the right entry is missing, its neighbours are shown
            candidates, entry = [other for other in pool if other is not entry], None
        elif chance < refuse:  # off the subject
            question = general_question(rng, chinese) if rng.random() < 0.6 else self._ask(rng.choice(self._pool(chinese)))
            candidates, entry = pool, None
        else:
            candidates = pool
        if entry is None and any(other.key == normalise_for_matching(question) for other in candidates):
            return None
        ranked = rank(candidates, question)[: rng.choice([count, count, count, count, rng.randrange(1, count + 1)])]
        if entry is not None and entry not in ranked:
            if rng.random() < 0.8 or not ranked:
                ranked[max(0, len(ranked) - 1) :] = [entry]
            else:
                entry = None
        # The product's retriever is better than ours: its first passage is nearly always the right one.
        chance = rng.random()
        if chance < 0.12:
            rng.shuffle(ranked)
        elif chance < 0.62 and entry is not None:
            ranked = [entry, *(other for other in ranked if other is not entry)]
        if entry is None and rng.random() < 0.02:
            ranked = []
        return Example(self.bpe, ranked, question, None if entry is None else ranked.index(entry))

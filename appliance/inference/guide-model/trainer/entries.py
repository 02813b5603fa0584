# SPDX-License-Identifier: AGPL-3.0-only
"""Makes FAQ entries: from the grammars, from random words, and from the handbook's files."""
import random
import re
from pathlib import Path

import everyday_topics
import grammar_en
import grammar_zh
from paraphrase import paraphrase
from prompt_strings import HERE, normalise_for_matching

HANDBOOK = HERE.parents[2] / "agent" / "knowledge" / "handbook"
WORDS = re.findall(r"[a-z]+", (HERE / "words.en.txt").read_text()) + re.findall(r"[a-z]+", (HERE / "words.technical.txt").read_text())
DAYS = "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday,weekdays,weekends,holidays".split(",")
MONTHS = "January,February,March,April,May,June,July,August,September,October,November,December".split(",")


class Entry:
    """One FAQ entry and the ways to ask for it. `topic` tells entries apart that could be confused."""

    def __init__(self, heading, text, questions, topic):
        self.heading, self.text, self.questions, self.topic = heading, text, questions, topic
        self.key = normalise_for_matching(heading)


def _number(rng):
    return str(rng.choice([rng.randrange(2, 10), rng.randrange(10, 100), rng.randrange(100, 1000), rng.randrange(1000, 9999)]))


def _price(rng, chinese):
    amount = rng.choice([str(rng.randrange(2, 200)), f"{rng.randrange(1, 300)}.{rng.randrange(10)}0", f"{rng.randrange(1, 300)}.{rng.randrange(10, 100)}", str(rng.randrange(1, 90) * 100), "{:,}".format(rng.randrange(1000, 30000))])
    if chinese:
        return rng.choice([f"{amount} 元", f"{amount}元", f"{amount} 块", f"每次 {amount} 元", f"￥{amount}"])
    return rng.choice([f"{amount} euros", f"${amount}", f"€{amount}", f"{amount} pounds", f"{amount} dollars", f"{amount} crowns", f"{amount} yuan", f"£{amount}"])


def _phone(rng):
    digits = lambda count: "".join(rng.choice("0123456789") for _ in range(count))
    return rng.choice([f"+{digits(2)} {digits(2)} {digits(4)} {digits(4)}", f"0{digits(3)}-{digits(4)} {digits(4)}", f"1{digits(10)}", f"0{digits(2)} {digits(3)} {digits(4)}", f"{digits(3)}-{digits(4)}", f"{digits(4)}-{digits(8)}"])


def _value(slot, rng, chinese):
    """A random value for a slot of an answer template."""
    grammar = grammar_zh if chinese else grammar_en
    if slot in "xyzq":
        word = rng.choice(grammar.NOUNS).split("/")[0] if rng.random() < 0.7 else rng.choice(grammar.VERBS).split("/")[0]
        return f"「{word}」" if chinese and slot == "q" else word.capitalize() if slot == "q" else word
    if slot == "clock":
        return f"{rng.randrange(6, 23)}:{rng.choice(['00', '30', '15', '45', f'{rng.randrange(60):02}'])}"
    if slot == "time":
        count = rng.choice([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 20, 24, 30, 40, 45, 60, 90])
        return f"{count} {rng.choice(['分钟', '小时', '天', '个工作日', '周', '个月'])}" if chinese else f"{count} {rng.choice(['minutes', 'hours', 'days', 'working days', 'weeks', 'months'])}"
    if slot == "email":
        return f"{rng.choice(WORDS)}{rng.choice(['', '.', '-'])}{rng.choice(WORDS)}@{rng.choice(WORDS)}.{rng.choice(['com', 'example', 'org', 'cn', 'de', 'eu'])}"
    if slot == "address":
        street, number = rng.choice(grammar.STREETS), rng.randrange(1, 400)
        return f"{street} {number} 号" if chinese else rng.choice([f"{number} {street}", f"{street} {number}"])
    if slot == "cmd":
        return rng.choice(["hearth ", "", "./", "npm ", "git "]) + rng.choice(WORDS) + rng.choice(["", " --" + rng.choice(WORDS), " " + rng.choice(WORDS), f" --{rng.choice(WORDS)} {rng.choice('NSPX')}"])
    if slot == "code":
        return "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(rng.randrange(4, 9)))
    if slot in ("day", "month"):
        pool = {"day": (DAYS, grammar_zh.DAYS), "month": (MONTHS, grammar_zh.MONTHS)}[slot]
        return rng.choice(pool[chinese])
    if slot == "when":
        return f"after {_value('time', rng, False)}"
    direct = {"price": lambda: _price(rng, chinese), "num": lambda: _number(rng), "age": lambda: str(rng.randrange(3, 70)), "phone": lambda: _phone(rng),
              "name": lambda: rng.choice(grammar.NAMES), "place": lambda: rng.choice(grammar.PLACES), "person": lambda: rng.choice(grammar.PEOPLE), "fill": lambda: rng.choice(grammar.FILL)}
    return direct[slot]()


def _fill(template, fixed, rng, chinese):
    for _ in range(3):
        template = re.sub(r"\{(\w+)\}", lambda match: fixed.get(match[1]) or _value(match[1], rng, chinese), template)
    text = template.strip()
    return text[:1].upper() + text[1:] if not chinese else text


def _ing(verb):
    head, *rest = verb.split(" ")
    head = head[:-1] if head.endswith("e") and not head.endswith("ee") else head
    return " ".join([head + "ing", *rest])


def grammar_entry(rng, chinese, nouns, intents=None):
    """An entry about one of the nouns, with five rewordings that use synonyms."""
    grammar = grammar_zh if chinese else grammar_en
    noun, verb = rng.choice(nouns).split("/"), rng.choice(grammar.VERBS).split("/")
    intent = rng.choice(intents or list(grammar.INTENTS))
    headings, others, answers = grammar.INTENTS[intent]
    x = rng.choice(grammar.NOUNS).split("/")[0]

    def slots():
        # The first of a group is the commonest; a synonym on one side only has to be learned.
        n = noun[0] if rng.random() < 0.6 else rng.choice(noun)
        v = verb[0] if rng.random() < 0.6 else rng.choice(verb)
        return {"n": n, "N": n.capitalize(), "n2": n.capitalize() + "s", "v": v, "g": _ing(v), "x": x}

    heading = _fill(rng.choice(headings), slots(), rng, chinese)
    text = _fill(rng.choice(answers), {**slots(), "x": x} if intent == "difference" else {k: s for k, s in slots().items() if k != "x"}, rng, chinese)
    questions = []
    for _ in range(4):
        source = rng.choice(others) if rng.random() < 0.75 else rng.choice(headings)
        question = _fill(source, slots(), rng, chinese)
        questions.append(paraphrase(normalise_for_matching(question), rng) if rng.random() < 0.6 else question)
    return Entry(heading, text, questions, f"{intent}/{noun[0]}/{verb[0] if '{v}' in heading else ''}")


def everyday_entries(rng, chinese, count):
    """Some of the hand-written topics, each with one wording as its heading, the others as questions, and a made-up answer."""
    grammar, found = grammar_zh if chinese else grammar_en, []
    for wordings in rng.sample(everyday_topics.topics(chinese), count):
        heading = wordings[0] if rng.random() < 0.6 else rng.choice(wordings)
        answers = grammar.INTENTS[rng.choice(["price", "where", "when", "duration", "can", "who", "contact", "kinds", "lost"])][2]
        noun = {"n": rng.choice(grammar.NOUNS).split("/")[0]}
        text = _fill(rng.choice(answers), {**noun, "n2": noun["n"].capitalize() + "s", "v": rng.choice(grammar.VERBS).split("/")[0]}, rng, chinese)
        others = [wording for wording in wordings if wording != heading]
        questions = [paraphrase(normalise_for_matching(q), rng) if rng.random() < 0.5 else q for q in rng.sample(others, 3)]
        found.append(Entry(heading, text, questions, wordings[0]))
    return found


def random_entry(rng, chinese, length):
    """Random words with no meaning; asked for by some of the words of its heading or text."""
    if chinese:
        pick = lambda count: "".join(rng.choice(grammar_zh.CHARACTERS) for _ in range(count))
        heading, text = pick(rng.randrange(3, 9)), "，".join(pick(rng.randrange(2, 8)) + (_value(rng.choice(["phone", "email", "price", "clock", "code", "num"]), rng, True) if rng.random() < 0.15 else "") for _ in range(max(1, length // 5))) + "。"
        stop = rng.choice(["怎样", "什么", "吗", "请问", "哪里", "的", "是", "可以", "多少"])
        at = rng.randrange(0, len(heading) - 1)
        part = heading[at : at + rng.randrange(2, 7)]
        question = rng.choice([part + stop, stop + part, part])
    else:
        pick = lambda count: [rng.choice(WORDS) for _ in range(count)]
        words, body = pick(rng.randrange(2, 7)), pick(length)
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            body[rng.randrange(len(body))] = _value(rng.choice(["phone", "email", "price", "clock", "code", "num"]), rng, False)
        stops = rng.sample(sorted(grammar_en.STOP_WORDS), 4)
        heading, text = " ".join(stops[:2] + words), " ".join(body).capitalize() + "."
        source = body if rng.random() < 0.2 else words
        some = rng.sample(source, min(len(source), rng.randrange(1, 5)))
        question = " ".join(rng.sample(stops[1:] + some, 3 + len(some)))
    return Entry(heading, text, [question], heading)


def handbook_entries(language):
    """The entries of the bundled handbook, asked for by rewordings of their headings."""
    found = []
    for path in sorted((HANDBOOK / language).glob("*.md")):
        for block in path.read_text(encoding="utf-8").split("\n## ")[1:]:
            heading, text = block.split("\n", 1)
            found.append(Entry(heading.strip(), " ".join(text.split()), [], heading.strip()))
    return found

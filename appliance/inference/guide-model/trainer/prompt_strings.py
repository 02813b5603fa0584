# SPDX-License-Identifier: AGPL-3.0-only
"""What the model is shown, as in ../guide-prompt.ts; both read ../guide-prompt.json."""
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
STRINGS = json.loads((HERE.parent / "guide-prompt.json").read_text(encoding="utf-8"))
SYSTEM, MARKERS = STRINGS["system"], STRINGS["markers"]
QUESTION_PREFIX, UNKNOWN = STRINGS["questionPrefix"], STRINGS["unknown"]

HAN = "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LATIN = "A-Za-z\u00c0-\u024f0-9/_-"
_PUNCTUATION = re.compile(r'["`()\[\]{}<>,;:!?…。，、；：！？（）《》「」“”|*#' + "".join(MARKERS) + "]")


def normalise_for_matching(text: str) -> str:
    """Lower case, no punctuation between words, Han and Latin apart, single spaces."""
    text = _PUNCTUATION.sub(" ", text.lower())
    text = re.sub(r"\.(?=\s|$)", " ", text)
    text = re.sub(f"([{HAN}])([{LATIN}])", r"\1 \2", text)
    text = re.sub(f"([{LATIN}])([{HAN}])", r"\1 \2", text)
    return re.sub(r"\s+", " ", text).strip()


def is_chinese(text: str) -> bool:
    """Whether the text holds a Han character."""
    return re.search(f"[{HAN}]", text) is not None


def unknown_for(question: str) -> str:
    """The unknown sentence in the language of the question."""
    return UNKNOWN["zh" if is_chinese(question) else "en"]

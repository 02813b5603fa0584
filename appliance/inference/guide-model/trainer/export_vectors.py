# SPDX-License-Identifier: AGPL-3.0-only
"""Writes ../prompt-vectors.json: what the trainer makes of a few texts, for guide-model.test.ts to compare with the TypeScript."""
import json

from prompt_strings import HERE, MARKERS, QUESTION_PREFIX, SYSTEM, normalise_for_matching, unknown_for

TEXTS = ["What is Hearth?", "  How do I   start it?  ", "Which port (7411) does Hearth use?", "webhook消息怎样签名？", "用Hearth的API密钥，怎么办…", "I'm asking: what's /new?", "HEARTH_HOME 有什么用？",
         "e-mail me at foo.bar@example.org.", "Costs 12.50€, right?", "“quoted” and 「引号」", "marker ① inside", "3.5 km. Next", "Straße und Café", "x", "`hearth up` --json"]
PASSAGES = [{"heading": "What is Hearth?", "text": "Hearth is an agent. It runs on your box."}, {"heading": "webhook消息怎样签名？", "text": "用 HMAC-SHA256。"}]


def main():
    system = SYSTEM + "".join(f"\n{MARKERS[i]} {normalise_for_matching(p['heading'])}\n{p['text']}" for i, p in enumerate(PASSAGES))
    question = "So, what IS Hearth?"
    vectors = {
        "normalised": [[text, normalise_for_matching(text)] for text in TEXTS], "unknown": [[text, unknown_for(text)] for text in TEXTS],
        "prompt": {"passages": PASSAGES, "question": question, "system": system, "user": QUESTION_PREFIX + normalise_for_matching(question)},
    }
    (HERE.parent / "prompt-vectors.json").write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""What visitors asked as candidates for the evaluation set: families in its form, with what is known filled in.

What a good answer is nobody knows yet: gold, nuggets and what else the type needs are empty, which `tillit eval check`
tells of. Whoever fills them in writes the question anew where it tells of a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml

from kb.activity.records import Entry, Feedback
from kb.answering.question import read_question
from kb.language import detect

AUTHOR = "feedback"
HEAD = """\
# What visitors asked: candidates for the evaluation set. Of each: fill in what is empty, or delete it. Write it anew
# where it tells of a person. What no document answers is `type: unanswerable`, without gold and nuggets, but with
# `searched`: the words that were looked for.
"""
TYPES = {
    "list": "list",
    "cases": "case-finding",
    "comparison": "comparison",
    "objections": "dissent",
}
"""The type of a family by the form that a question asks for; all others are single facts."""
_EMPTY = {
    "  gold: []": "the blocks that answer it",
    "  nuggets: []": "what a good answer says, in four languages, one of them vital",
    "  other_side: []": "what should stand beside the answer",
}
_FULL_FORM = "the last turn so that it can be understood alone"


def candidates(entries: Sequence[Entry]) -> str:
    """Return a file of families, one for each question or conversation, in the order in which they were kept."""
    grouped: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        turns = tuple(" ".join(turn.split()) for turn in _turns(entry))
        grouped.setdefault(turns, []).append(entry)
    return "\n".join([HEAD, *(_family(turns, group) for turns, group in grouped.items())])


def _turns(entry: Entry) -> tuple[str, ...]:
    return entry.what.questions if isinstance(entry.what, Feedback) else (entry.what.question,)


def _family(turns: tuple[str, ...], group: Sequence[Entry]) -> str:
    first, question = group[0], turns[-1]
    language = detect(" ".join(turns), default=first.what.language)
    follows = len(turns) > 1
    kind = "follow-up" if follows else TYPES.get(read_question(question, language).type, "single-fact")
    family: dict[str, Any] = {
        "id": f"asked-{first.id}",
        "type": kind,
        "author": AUTHOR,
        "date": date.fromisoformat(first.day),
        "questions": {language: "" if follows else question},
        **({"turns": {language: list(turns)}} if follows else {}),
        "gold": [],
        **({"other_side": []} if kind == "dissent" else {}),
        "nuggets": [],
        "note": "; ".join(dict.fromkeys(_told(entry) for entry in group)),
    }
    text = yaml.safe_dump([family], allow_unicode=True, sort_keys=False, width=10_000)
    empty = {**_EMPTY, f"    {language}: ''": _FULL_FORM}
    lines = (f"{line}  # to be filled in: {empty[line]}" if line in empty else line for line in text.splitlines())
    return "\n".join(lines) + "\n"


def _told(entry: Entry) -> str:
    """Return what is known of an entry besides its question."""
    if not isinstance(entry.what, Feedback):
        return f"refused ({entry.what.reason})"
    word = " ".join(entry.what.word.split())
    parts = [f"thumb {entry.what.thumb}", *([f"“{word}”"] if word else []), entry.what.status]
    return ", ".join([*parts, *([f"cited {' '.join(entry.what.documents)}"] if entry.what.documents else [])])

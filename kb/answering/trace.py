"""The trace: how an answer came about, step by step, for a reader who wants to know.

A step is its name, worded by `kb.answering.wording.step`, and how it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.quoting import Quote
from kb.answering.ranking import Ranked
from kb.answering.reading import Reading
from kb.retrieval.retriever import Query
from kb.vocabulary import LANGUAGES

SHOWN_CANDIDATES = 6
SHOWN_WORDS = 12


@dataclass(frozen=True, slots=True)
class Turn:
    """What is answered: the query, the turn as typed, as understood where that differs, the answer's language."""

    query: Query
    asked: str
    understood: str | None
    language: str
    threshold: float
    """Support below which it is refused."""


def trace(turn: Turn, reading: Reading, support: float, chosen: Sequence[Quote]) -> tuple[tuple[str, str], ...]:
    """Return (step, how it was): how the question was understood, what was searched, what was quoted and what not."""
    understanding = reading.retrieved.understanding
    steps = [("asked", turn.asked)]
    steps += [("understood", turn.understood)] if turn.understood else []
    steps += [("language", turn.query.language), ("type", reading.asked.type)]
    steps += [("kept to", ", ".join(reading.kept))] if reading.kept else []
    steps += [("wants", reading.asked.wants)] if reading.asked.wants else []
    if len(reading.asked.parts) > 1:
        steps += [("part", part) for part in reading.asked.parts]
    steps.append(("terms", ", ".join(term.word for term in understanding.terms[turn.query.language])))
    steps += [("mended", f"{word}: {known}") for word, known in understanding.mended]
    also = understanding.also_searched(LANGUAGES)
    steps += [("also searched", ", ".join(also))] if also else []
    steps.append(("read", str(len(reading.reads))))
    quoted = {(quote.document.id, number) for quote in chosen for number in range(quote.first, quote.last + 1)}
    for each in reading.ranked[:SHOWN_CANDIDATES]:
        place = (each.candidate.read.document.id, each.candidate.block.number)
        steps.append(("quoted" if place in quoted else "passed over", _shown(each)))
    return (*steps, ("support", f"{support:.2f}"), ("threshold", f"{turn.threshold:.2f}"))


def _shown(each: Ranked) -> str:
    read, block = each.candidate.read, each.candidate.block
    words = read.text(block).split()
    text = " ".join(words[:SHOWN_WORDS]) + (" …" if len(words) > SHOWN_WORDS else "")
    return f"{each.share:.0%} · {read.document.title} · {text}"

"""Case search: one card a case, with the sentences that tell best what was changed there or what came of it.

Documents are ranked by their best passage, by how near the question is to what the document as a whole was said to
be an example of, and by the kind of service that is asked for. A country that is named is a filter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kb.analysis import fold
from kb.answering.candidates import examples_of
from kb.answering.question import cues
from kb.answering.quoting import Quote, quote_of
from kb.answering.ranking import Ranked
from kb.answering.reading import Reading
from kb.retrieval.filters import Filters

if TYPE_CHECKING:
    from kb.answering.candidates import Read

CASES = 12
"""Cards at most. Of the cases of 25 unlocked searches .51 are found among 8 and .61 among 12 by the passages alone,
.71 and .76 with the weights and the filter below."""
CARD_WORDS = 34
EXAMPLE_WEIGHT, SECTOR_WEIGHT, CASE_WEIGHT = 6.0, 2.0, 0.3
"""What counts besides the fused score of a document's best passage: the cosine with what the document is an example of,
that it is about the service that is asked for, that it is a case."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The countries and sectors that a question keeps to."""

    countries: tuple[str, ...]
    sectors: tuple[str, ...]


def kept_to(question: str) -> Kept:
    """Return the countries and sectors that a question names; no country where it names what it leaves out."""
    text = fold(question)
    countries = [] if re.search(cues()["outside"], text) else _named("countries", text)
    return Kept(tuple(countries), tuple(_named("sectors", text)))


def _named(section: str, text: str) -> list[str]:
    patterns: dict[str, Any] = cues()[section]
    return [code for code, pattern in patterns.items() if _compiled(pattern).search(text)]


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def narrowed(filters: Filters, kept: Kept) -> Filters:
    """Return filters that keep to the countries as well, unless countries were chosen by hand."""
    if not kept.countries or "country" in filters.values:
        return filters
    return replace(filters, values={**filters.values, "country": kept.countries})


def find_cases(reading: Reading) -> list[Quote]:
    """Return a quote of each of the cases that a question looks for, best first."""
    kept = kept_to(reading.asked.text)
    best: dict[str, Ranked] = {}
    for each in reading.ranked:
        best.setdefault(each.candidate.read.document.id, each)
    order = sorted(best.values(), key=lambda each: -_worth(reading, each.candidate.read, kept))
    quotes = [quote_of(each.candidate.read, each.candidate.block, reading.score, CARD_WORDS) for each in order]
    return [quote for quote in quotes if quote][:CASES]


def _worth(reading: Reading, read: Read, kept: Kept) -> float:
    """Return how well a document is a case of what is looked for."""
    document = read.document
    near = max(reading.cosines(examples_of(document)), default=0.0)
    alike = bool(set(document.sectors) & set(kept.sectors))
    worth = read.passages[0].score + EXAMPLE_WEIGHT * near + SECTOR_WEIGHT * alike
    return round(worth + CASE_WEIGHT * (document.kind == "case"), 9)

"""What a question keeps to: the countries and the kinds of service that it names, by cue words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from kb.analysis import fold
from kb.answering.question import cues
from kb.retrieval.filters import Filters


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

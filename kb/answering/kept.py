"""What a question keeps to: the countries, years and kinds of service that it names, by cue words."""

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
    """The countries, sectors and years that a question keeps to."""

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    year_from: int | None = None
    year_to: int | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """The countries and years, for a reader."""
        years = f"{self.year_from or ''}–{self.year_to or ''}"
        return (*self.countries, *([years] if len(years) > 1 else []))


def kept_to(question: str) -> Kept:
    """Return what a question keeps to ("in Norway since 2020"); no country where it names what it leaves out."""
    text = fold(question)
    countries = [] if re.search(cues()["outside"], text) else _named("countries", text)
    return Kept(tuple(countries), tuple(_named("sectors", text)), *_years(text))


def _years(text: str) -> tuple[int | None, int | None]:
    found = {name: _compiled(pattern).search(text) for name, pattern in cues()["years"].items()}
    if between := found["between"]:
        earlier, later = sorted((int(between[1]), int(between[2])))
        return earlier, later
    first = int(found["from"][1]) if found["from"] else None
    last = int(found["to"][1]) if found["to"] else None
    return first, int(found["before"][1]) - 1 if found["before"] else last


def _named(section: str, text: str) -> list[str]:
    patterns: dict[str, Any] = cues()[section]
    return [code for code, pattern in patterns.items() if _compiled(pattern).search(text)]


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def narrowed(filters: Filters, kept: Kept) -> Filters:
    """Return filters that keep to the countries and years as well, unless these were chosen by hand."""
    if kept.countries and "country" not in filters.values:
        filters = replace(filters, values={**filters.values, "country": kept.countries})
    if filters.year_from is None and filters.year_to is None:
        filters = replace(filters, year_from=kept.year_from, year_to=kept.year_to)
    return filters

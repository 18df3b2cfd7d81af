"""Filters: which documents a search looks at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.errors import FilterError
from kb.vocabulary import COUNTRIES, EVIDENCES, KINDS, LANGUAGE_ALIASES, LANGUAGES, SECTORS, STANCES, THEMES, UNKNOWN

ALLOWED: dict[str, tuple[str, ...]] = {
    "kind": (*KINDS, UNKNOWN),
    "country": COUNTRIES,
    "sector": SECTORS,
    "theme": THEMES,
    "evidence": (*EVIDENCES, UNKNOWN),
    "stance": (*STANCES, UNKNOWN),
    "language": LANGUAGES,
}
"""The values of each filter; `language` also takes the code of any other language."""
OTHERS = ("document", "year")
"""The filters that have no list of values: the ids of documents, and years."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One live text in the directory: what filters and the choice of a language look at."""

    key: int
    id: str
    language: str
    title: str
    kind: str
    country: str | None
    sectors: tuple[str, ...]
    themes: tuple[str, ...]
    year: int | None
    evidence: str
    stance: str
    origin: str

    def values(self, name: str) -> tuple[str, ...]:
        """Return this text's values for a filter."""
        if name == "sector":
            return self.sectors
        if name == "theme":
            return self.themes
        if name == "document":
            return (self.id,)
        value = getattr(self, name)
        return (value,) if value is not None else ()


@dataclass(frozen=True, slots=True)
class Filters:
    """A text passes that has, for each filter that is set, one of its values, and lies within the years."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None

    def __bool__(self) -> bool:
        return bool(self.values) or self.year_from is not None or self.year_to is not None

    def match(self, entry: Entry) -> bool:
        """Tell whether a text passes. A text without a year passes no filter on years."""
        if self.year_from is not None and (entry.year is None or entry.year < self.year_from):
            return False
        if self.year_to is not None and (entry.year is None or entry.year > self.year_to):
            return False
        return all(set(entry.values(name)) & set(wanted) for name, wanted in self.values.items())


NO_FILTERS = Filters()


def parse_filters(raw: Mapping[str, Any]) -> Filters:
    """Return the filters of `{"country": ["DK"], "year": {"from": 2015, "to": null}}`.

    A single value may stand for a list, a single year for a range; letter case does not matter.
    `document` takes ids. Raises `FilterError` that names the values which exist.
    """
    values: dict[str, tuple[str, ...]] = {}
    year_from = year_to = None
    for name, given in raw.items():
        if given is None or given in ([], ()):
            continue
        if name == "year":
            year_from, year_to = _years(given)
        elif name in ALLOWED or name in OTHERS:
            listed = [given] if isinstance(given, str) else given
            if not isinstance(listed, Sequence):
                raise FilterError(f"The filter '{name}' must be a list of values.")
            values[name] = tuple(dict.fromkeys(_value(name, value) for value in listed))
        else:
            raise FilterError(f"There is no filter '{name}'. There are: {', '.join([*ALLOWED, *OTHERS])}.")
    return Filters(values, year_from, year_to)


def _value(name: str, given: object) -> str:
    text = str(given).strip().casefold()
    if name == "document":
        return text
    if name == "language":
        text = LANGUAGE_ALIASES.get(text, text)
        if re.fullmatch(r"[a-z]{2,3}", text):
            return text
    for allowed in ALLOWED[name]:
        if allowed.casefold() == text:
            return allowed
    raise FilterError(f"The filter '{name}' has no value '{given}'. It has: {', '.join(ALLOWED[name])}.")


def _years(given: object) -> tuple[int | None, int | None]:
    if isinstance(given, Mapping):
        if set(given) - {"from", "to"}:
            raise FilterError("The filter 'year' takes 'from' and 'to'.")
        first, last = _year(given.get("from")), _year(given.get("to"))
    else:
        first = last = _year(given)
    if first is not None and last is not None and first > last:
        raise FilterError(f"The filter 'year' ends ({last}) before it begins ({first}).")
    return first, last


def _year(given: object) -> int | None:
    if given is None:
        return None
    text = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(r"\d{4}", text):
        raise FilterError(f"The filter 'year' takes years of four digits, not '{given}'.")
    return int(text)

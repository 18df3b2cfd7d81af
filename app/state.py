"""What all sessions of the app share: one knowledge base, opened once and warmed up."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kb.errors import KBError
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings, load_settings
from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from kb.retrieval.filters import Entry

STRIDE = 37
"""Step through the documents of a kind, so that suggestions come from different places."""

_settings: list[Settings] = []


def configure(settings: Settings) -> None:
    """Set what the app runs with; called before the server starts."""
    _settings[:] = [settings]
    get_kb.cache_clear()


@lru_cache(maxsize=1)
def get_kb() -> KnowledgeBase:
    """Return the knowledge base that all sessions share."""
    return KnowledgeBase(_settings[0] if _settings else load_settings())


def years() -> tuple[int, int]:
    """Return the first and the last year of the documents, for the filter; always a range."""
    try:
        known = {entry.year for entry in get_kb().entries() if entry.year is not None}
    except KBError:
        known = set()
    last = max(known, default=2025)
    return min(known | {last - 1}), last


def suggestions(language: str, count: int) -> list[str]:
    """Return questions that the shipped documents answer, each of another document, spread over the kinds."""
    kb = get_kb()
    by_kind: dict[str, list[Entry]] = {}
    for entry in kb.entries():
        if entry.language == language and entry.origin == "shipped":
            by_kind.setdefault(entry.kind, []).append(entry)
    kinds = sorted(by_kind)
    offset = LANGUAGES.index(language) * count if language in LANGUAGES else 0
    chosen: list[str] = []
    for place in range(offset, offset + count if kinds else 0):
        entries = by_kind[kinds[place % len(kinds)]]
        entry = entries[place * STRIDE % len(entries)]
        found = kb.document(entry.id, language)
        chosen += [min(found[0].questions, key=len)] if found and found[0].questions else []
    return chosen

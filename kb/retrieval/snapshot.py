"""What the catalogue holds at one commit point, kept between questions: directory and vectors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kb.errors import CatalogueError
from kb.retrieval.dense import DenseIndex, DenseSearch
from kb.retrieval.filters import Entry, Filters
from kb.retrieval.lexical import vocabulary
from kb.retrieval.passages import PassageTable, read_passages
from kb.retrieval.related import document_vectors
from kb.store.catalogue import State
from kb.store.generation import open_generation
from kb.vocabulary import LANGUAGES
from kb.words.spelling import Spelling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Text = TypeVar("Text")

_NEIGHBOURS = {
    "da": ("da", "nb", "sv", "en"),
    "nb": ("nb", "da", "sv", "en"),
    "sv": ("sv", "nb", "da", "en"),
    "en": ("en", "da", "nb", "sv"),
}


@dataclass(frozen=True)
class Snapshot:
    """The directory of live texts and the index of one commit point."""

    state: State
    entries: tuple[Entry, ...]
    passages: PassageTable
    dense: DenseIndex
    words: Spelling
    """The words of all texts, by which spelling is mended."""

    @cached_property
    def dense_rows(self) -> dict[str, NDArray[np.int64]]:
        """Return by language, where it has vectors, the row of each passage's vector, -1 where it has none."""
        generation = self.dense.generation
        return {
            language: generation.rows_of(keys)
            for language, keys in self.passages.chunks.items()
            if language in generation.moments
        }

    @cached_property
    def document_vectors(self) -> NDArray[np.float32]:
        """Return a vector for each document, in the order of `passages.ids`, by which related ones are found."""
        return document_vectors(self.passages, self.dense_rows, self.dense.generation.vectors)

    @cached_property
    def languages(self) -> dict[str, dict[str, Entry]]:
        """Return the texts by document id and language."""
        result: dict[str, dict[str, Entry]] = {}
        for entry in self.entries:
            result.setdefault(entry.id, {})[entry.language] = entry
        return result

    def allowed(self, filters: Filters) -> NDArray[np.int64] | None:
        """Return the keys of the texts that pass the filters, ascending; None where there are no filters."""
        import numpy as np

        if not filters:
            return None
        return np.array(sorted(entry.key for entry in self.entries if filters.match(entry)), dtype=np.int64)


def reading_order(language: str) -> tuple[str, ...]:
    """Return in which language a document is read that does not stand in the asker's, first choice first."""
    return _NEIGHBOURS.get(language, LANGUAGES)


def in_language(texts: Mapping[str, Text], language: str) -> Text:
    """Return in which of its texts, by language, a document is read."""
    return next(texts[code] for code in (*reading_order(language), *sorted(texts)) if code in texts)


def read_snapshot(connection: sqlite3.Connection, data: Path, state: State, search: DenseSearch) -> Snapshot:
    """Read the snapshot of the commit point that `connection` sees; its index is not deleted while it lives.

    Raises `CatalogueError` where the index is damaged.
    """
    rows = connection.execute(
        "SELECT key, id, language, record, origin FROM documents WHERE state = 'live' ORDER BY id, language"
    )
    entries = tuple(_entry(*row) for row in rows)
    generation = open_generation(data, state.generation or "")
    generation.hold()
    if problem := generation.problem():
        raise CatalogueError(f"The index in {data} is damaged: {problem}. Mend it with: tillit doctor --repair")
    dense = DenseIndex(generation, search)
    words = Spelling(vocabulary(connection, LANGUAGES))
    return Snapshot(state, entries, read_passages(connection), dense, words)


def _entry(key: int, document_id: str, language: str, record: str, origin: str) -> Entry:
    fields = json.loads(record)
    return Entry(
        key=key,
        id=document_id,
        language=language,
        title=fields["title"],
        kind=fields["kind"],
        country=fields["country"],
        sectors=tuple(fields["sectors"]),
        themes=tuple(fields["themes"]),
        year=fields["year"],
        evidence=fields["evidence"],
        stance=fields["stance"],
        origin=origin,
    )

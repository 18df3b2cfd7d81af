"""What the catalogue holds at one commit point, kept between questions: directory and vectors."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.retrieval.dense import DenseIndex, DenseSearch
from kb.retrieval.filters import Entry, Filters
from kb.store.catalogue import State
from kb.store.generation import open_generation
from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEIGHBOURS = {
    "da": ("da", "nb", "sv", "en"),
    "nb": ("nb", "da", "sv", "en"),
    "sv": ("sv", "nb", "da", "en"),
    "en": ("en", "da", "nb", "sv"),
}
"""In which language a document is read that does not stand in the asker's, first choice first."""


@dataclass(frozen=True)
class Snapshot:
    """The directory of live texts and the index of one commit point."""

    state: State
    entries: tuple[Entry, ...]
    chunk_keys: NDArray[np.int64]
    """Keys of all live chunks, ascending."""
    chunk_documents: NDArray[np.int64]
    """The key of each chunk's document, in the same order."""
    dense: DenseIndex | None

    @cached_property
    def by_key(self) -> dict[int, Entry]:
        """Return the texts by key."""
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def languages(self) -> dict[str, dict[str, Entry]]:
        """Return the texts by document id and language."""
        result: dict[str, dict[str, Entry]] = {}
        for entry in self.entries:
            result.setdefault(entry.id, {})[entry.language] = entry
        return result

    def documents_of(self, chunk_keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the key of each chunk's document."""
        import numpy as np

        return self.chunk_documents[np.searchsorted(self.chunk_keys, chunk_keys)]

    @cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the texts' keys, ascending, and each one's place among all by id and language."""
        import numpy as np

        keys = np.array([entry.key for entry in self.entries], dtype=np.int64)
        order = np.argsort(keys)
        return keys[order], order

    def places_of(self, chunk_keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the place of each chunk's text among all texts by id and language."""
        import numpy as np

        keys, places = self._places
        return places[np.searchsorted(keys, self.documents_of(chunk_keys))]

    def pool(self, language: str, filters: Filters) -> dict[str, set[int]]:
        """Return by language the keys of the texts to search: each document once, in `language` where it stands so."""
        order = {code: place for place, code in enumerate(_NEIGHBOURS.get(language, LANGUAGES))}
        chosen: dict[str, Entry] = {}
        for entry in self.entries:
            if filters and not filters.match(entry):
                continue
            best = chosen.get(entry.id)
            if best is None or _preference(order, entry) < _preference(order, best):
                chosen[entry.id] = entry
        pool: dict[str, set[int]] = {}
        for entry in chosen.values():
            pool.setdefault(entry.language, set()).add(entry.key)
        return pool


def _preference(order: dict[str, int], entry: Entry) -> tuple[int, str]:
    return order.get(entry.language, len(order)), entry.language


def read_snapshot(connection: sqlite3.Connection, data: Path, state: State, search: DenseSearch) -> Snapshot:
    """Read the snapshot of the commit point that `connection` sees."""
    import numpy as np

    rows = connection.execute(
        "SELECT key, id, language, record, origin FROM documents WHERE state = 'live' ORDER BY id, language"
    )
    entries = tuple(_entry(*row) for row in rows)
    chunks = connection.execute(
        "SELECT c.key, c.document FROM chunks c JOIN documents d ON d.key = c.document "
        "WHERE d.state = 'live' ORDER BY c.key"
    ).fetchall()
    table = np.array(chunks, dtype=np.int64).reshape(-1, 2)
    dense = DenseIndex(open_generation(data, state.generation), search) if state.generation else None
    return Snapshot(state, entries, table[:, 0].copy(), table[:, 1].copy(), dense)


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

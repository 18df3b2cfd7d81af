"""The passages of a snapshot: chunks that are translations of each other are one passage.

A document and its translations are cut at the same blocks, so chunks of the same document, blocks and
piece belong together. Passages are numbered by document id and place, which is also how ties break.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.store.catalogue import term_language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class PassageTable:
    """All live passages and the chunk that each has in every language; arrays are ordered by passage."""

    ids: tuple[str, ...]
    """The ids of all documents, in order."""
    documents: NDArray[np.int64]
    """The place of each passage's document among them, shape (passages,), ascending."""
    chunks: dict[str, NDArray[np.int64]]
    """By language of the term tables, the key of each passage's chunk, -1 where it has none."""
    texts: dict[str, NDArray[np.int64]]
    """The same for the key of the text that the chunk is of."""
    order: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]
    """By language, the chunks' keys, ascending, and the passage of each."""

    @property
    def size(self) -> int:
        """Return how many passages there are."""
        return len(self.documents)

    def of_chunks(self, language: str, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the passage of each chunk of a language; every key must be a live chunk's."""
        import numpy as np

        ordered, passages = self.order[language]
        return passages[np.searchsorted(ordered, keys)]


def read_passages(connection: sqlite3.Connection) -> PassageTable:
    """Read the passages of all live documents."""
    import numpy as np

    numbers: dict[tuple[str, int, int, int], int] = {}
    ids: dict[str, int] = {}
    rows: list[tuple[int, str, int, int]] = []
    piece, before = 0, (-1, -1, -1)
    for key, text, document, language, first, last in connection.execute(
        "SELECT c.key, d.key, d.id, d.language, c.block_first, c.block_last FROM chunks c "
        "JOIN documents d ON d.key = c.document WHERE d.state = 'live' "
        'ORDER BY d.id, c.block_first, c.block_last, d.key, c."start", c.key'
    ):
        piece = piece + 1 if (text, first, last) == before else 0
        before = (text, first, last)
        ids.setdefault(document, len(ids))
        number = numbers.setdefault((document, first, last, piece), len(numbers))
        rows.append((number, term_language(language), key, text))
    documents = np.array([ids[document] for document, *_ in numbers], dtype=np.int64)
    chunks, texts, order = {}, {}, {}
    for language in sorted({row[1] for row in rows}):
        own = np.array([(n, key, text) for n, code, key, text in rows if code == language], dtype=np.int64)
        chunks[language], texts[language] = (np.full(len(documents), -1, dtype=np.int64) for _ in range(2))
        chunks[language][own[:, 0]], texts[language][own[:, 0]] = own[:, 1], own[:, 2]
        by_key = own[np.argsort(own[:, 1])]
        order[language] = by_key[:, 1], by_key[:, 0]
    return PassageTable(tuple(ids), documents, chunks, texts, order)

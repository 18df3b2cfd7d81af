"""Related documents: those whose chunks lie nearest on average, in whatever language they stand.

What all documents share is taken off first: all speak of trust, and that two of them do says nothing. Of the five
nearest to each of the 246 shipped documents .58 share a service with it (.56 with it left on, or by English alone), and
none is among the five of more than 13 (17 and 18).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kb.retrieval.passages import PassageTable

LEAST = 0.1
"""Cosine below which documents have nothing in common; the fifth nearest of a shipped one has 0.14 to 0.37."""


def document_vectors(
    passages: PassageTable, rows: dict[str, NDArray[np.int64]], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return a unit vector for each document, in the order of `passages.ids`, zero where it has no vectors.

    `rows` are those of each passage's vector by language, -1 where it has none.
    """
    import numpy as np

    sums = np.zeros((len(passages.ids), vectors.shape[1]))
    for of_language in rows.values():
        there = of_language >= 0
        np.add.at(sums, passages.documents[there], vectors[of_language[there]])
    known = sums.any(axis=1)
    units = _units(sums)
    units[known] -= units[known].mean(axis=0) if known.any() else 0.0
    return _units(units).astype(np.float32)


def _units(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: NDArray[np.float64] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return units


def nearest(vectors: NDArray[np.float32], place: int, limit: int) -> list[int]:
    """Return the places of the documents that are nearest to one, nearest first, ties by place."""
    import numpy as np

    cosines = vectors @ vectors[place]
    order = np.argsort(-cosines, kind="stable")
    return [int(each) for each in order if each != place and cosines[each] >= LEAST][:limit]

"""The retriever: searches each document once, in the asker's language where it stands so, and fuses."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.analysis import question_terms
from kb.embedding import Embedder
from kb.records import Chunk, Passage
from kb.retrieval import lexical
from kb.retrieval.dense import CANDIDATES, DenseIndex
from kb.retrieval.filters import NO_FILTERS, Filters
from kb.retrieval.fusion import fuse, sparse_z
from kb.retrieval.snapshot import Snapshot
from kb.store.catalogue import read_chunks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_PASSAGES = 100
MIN_DOCUMENTS = 10


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for."""

    text: str
    language: str
    filters: Filters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages, best first, and the raw features of the search that do not depend on the question."""

    passages: tuple[Passage, ...]
    best_cosine: float | None
    """The cosine of the nearest chunk, None where the question's language has no model."""


@dataclass(frozen=True)
class Retriever:
    """Lexical and dense search over one snapshot, fused by scores; ties break by id, language, place."""

    snapshot: Snapshot
    embedder: Embedder
    dense_weight: float

    def retrieve(self, connection: sqlite3.Connection, query: Query, at_least: int = 1) -> Retrieved:
        """Return passages until `MIN_DOCUMENTS` documents and `at_least` passages are in, at most `MAX_PASSAGES`."""
        import numpy as np

        vector = self._vector(query)
        keys, scores = np.empty(0, dtype=np.int64), np.empty(0)
        best_cosine: float | None = None
        for language, documents in sorted(self.snapshot.pool(query.language, query.filters).items()):
            found, fused, cosine = self._rank(connection, query, language, documents, vector)
            keys, scores = np.concatenate([keys, found]), np.concatenate([scores, fused])
            best_cosine = max((c for c in (best_cosine, cosine) if c is not None), default=None)
        scores = scores.round(9)
        best = _ranking(scores, self.snapshot.places_of(keys), keys)[: 3 * MAX_PASSAGES]
        chunks = read_chunks(connection, keys[best].tolist())
        ordered = [(float(scores[i]), int(keys[i]), chunks[int(keys[i])]) for i in best]
        return Retrieved(tuple(_cut(ordered, at_least)), best_cosine)

    def _vector(self, query: Query) -> NDArray[np.float32] | None:
        index = self.snapshot.dense
        if index is None or not index.size or query.language not in self.embedder.languages:
            return None
        vector: NDArray[np.float32] = self.embedder.embed([query.text])[0]
        return vector

    def _rank(
        self,
        connection: sqlite3.Connection,
        query: Query,
        language: str,
        documents: set[int],
        vector: NDArray[np.float32] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], float | None]:
        """Return keys and fused scores of the chunks of one language, and the best cosine among them."""
        import numpy as np

        wanted = np.array(sorted(documents), dtype=np.int64)
        matched, bm25 = lexical.bm25(connection, language, question_terms(query.text, language))
        z_matched, z_rest = sparse_z(bm25, lexical.chunk_count(connection, language))
        keep = np.isin(self.snapshot.documents_of(matched), wanted)
        matched, z_matched = matched[keep], z_matched[keep]
        index = self.snapshot.dense
        if vector is None or index is None or language not in self.embedder.languages:
            return matched, z_matched, None
        mean, deviation = index.moments(vector)
        near = _nearest(self.snapshot, index, vector, wanted)
        keys = np.union1d(matched, near)
        lexical_z = np.full(len(keys), z_rest)
        lexical_z[np.searchsorted(keys, matched)] = z_matched
        rows = index.generation.rows_of(keys)
        cosines = index.cosines(vector, rows)
        dense_z = (cosines - mean) / deviation if deviation else np.zeros(len(keys))
        best = float(cosines.max()) if len(cosines) else None
        return keys, fuse(lexical_z, dense_z, self.dense_weight), best


def _nearest(
    snapshot: Snapshot, index: DenseIndex, vector: NDArray[np.float32], documents: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the keys of the nearest chunks: of all, or exactly ranked over the filtered documents."""
    import numpy as np

    keys = index.generation.keys
    inside = np.isin(snapshot.documents_of(keys), documents)
    if inside.all():
        return keys[index.nearest(vector)]
    rows = np.flatnonzero(inside)
    order = np.argsort(-index.cosines(vector, rows), kind="stable")
    return keys[rows[order][:CANDIDATES]]


def _ranking(scores: NDArray[np.float64], places: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order of chunks: best score first, ties by document id, language and place in the text."""
    import numpy as np

    return np.lexsort((keys, places, -scores))


def _cut(ordered: list[tuple[float, int, Chunk]], at_least: int) -> list[Passage]:
    passages: list[Passage] = []
    documents: set[str] = set()
    for score, key, chunk in ordered:
        if len(passages) >= MAX_PASSAGES or (len(documents) >= MIN_DOCUMENTS and len(passages) >= at_least):
            break
        passages.append(Passage(key, chunk, score, len(passages) + 1))
        documents.add(chunk.document_id)
    return passages

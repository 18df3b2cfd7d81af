"""The retriever: searches every passage in all languages it stands in, and fuses by scores."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.models.embedder import Embedder
from kb.models.reranker import Reranker
from kb.records import Chunk, Passage
from kb.retrieval import lexical
from kb.retrieval.dense import CANDIDATES, DenseIndex
from kb.retrieval.filters import NO_FILTERS, Filters
from kb.retrieval.fusion import LanguageList, fuse, sparse_z
from kb.retrieval.snapshot import Snapshot, reading_order
from kb.retrieval.weights import Weights
from kb.store.catalogue import read_chunks, term_language
from kb.vocabulary import LANGUAGES
from kb.words.glossary import Glossary
from kb.words.terms import Understanding, understand

if TYPE_CHECKING:
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
    """Passages, best first, what was searched for, and the features of the search that stand for themselves."""

    passages: tuple[Passage, ...]
    understanding: Understanding
    best_cosine: float | None
    """The cosine of the nearest chunk, None where no model reads the question's language."""
    vector: NDArray[np.float32] | None = None
    """The question's vector, shape (dimensions,), None where no model reads its language."""


@dataclass(frozen=True, slots=True)
class _Search:
    """What was found in one language.

    `stands` tells which passages can be read in it, `found` which have a word of the question or a vector; `rows` are
    the places of the vectors, -1 where there is none that was looked at.
    """

    list: LanguageList
    stands: NDArray[np.bool_]
    found: NDArray[np.bool_]
    rows: NDArray[np.int64] | None = None
    mean: float = 0.0
    deviation: float = 1.0

    def of(self, places: NDArray[np.int64], question: _Question) -> LanguageList:
        """Return the list of some passages only, with their cosines in double precision."""
        dense = None
        if self.rows is not None and question.vector is not None:
            rows = self.rows[places]
            cosines = question.index.cosines(question.vector, rows)
            dense = np.where(rows >= 0, (cosines - self.mean) / self.deviation, np.nan)
        return replace(self.list, present=self.list.present[places], lexical=self.list.lexical[places], dense=dense)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question's vector, None where no model reads it, and its rough cosine with every vector of the index."""

    index: DenseIndex
    vector: NDArray[np.float32] | None
    rough: NDArray[np.float32]


@dataclass(frozen=True)
class Retriever:
    """Lexical and dense search over one snapshot; ties break by document id and place."""

    snapshot: Snapshot
    embedder: Embedder
    weights: Weights
    glossary: Glossary
    reranker: Reranker | None = None
    reranked: int = 0
    """How many of the best passages the reranker orders anew."""

    def retrieve(
        self, connection: sqlite3.Connection, query: Query, at_least: int = 1, at_most: int = MAX_PASSAGES
    ) -> Retrieved:
        """Return passages until `MIN_DOCUMENTS` documents and `at_least` passages are in, or `at_most` are."""
        understanding = self.understand(query)
        allowed = self.snapshot.allowed(query.filters)
        question = self._embedded(query.language, understanding.text, filtered=allowed is not None)
        searches = self._searches(connection, query, understanding, question, allowed)
        if not searches:
            return Retrieved((), understanding, None, question.vector)
        eligible = self._eligible(connection, searches, understanding, query.language)
        places, scores = _best(searches, eligible, question, at_most)
        places = self._reranked(connection, query, places, searches)
        kept = _kept(self.snapshot.passages.documents[places].tolist(), at_least, at_most)
        passages = tuple(
            Passage(key, chunk, float(score), rank)
            for rank, (score, (key, chunk)) in enumerate(
                zip(scores, self._chunks(connection, places[:kept], searches, query.language), strict=False), 1
            )
        )
        return Retrieved(passages, understanding, _best_cosine(searches, question), question.vector)

    def _searches(
        self,
        connection: sqlite3.Connection,
        query: Query,
        understanding: Understanding,
        question: _Question,
        allowed: NDArray[np.int64] | None,
    ) -> dict[str, _Search]:
        """Return what is found in each language; one without a share is searched for what stands in no other."""
        asked_in = term_language(query.language)
        texts = self.snapshot.passages.texts
        order = sorted(texts, key=reading_order(query.language).index)
        covered = np.zeros(self.snapshot.passages.size, dtype=bool)
        searches: dict[str, _Search] = {}
        for language in sorted(order, key=lambda code: not self.weights.text_share(asked_in, code)):
            present = (texts[language] >= 0) if allowed is None else np.isin(texts[language], allowed)
            if not self.weights.text_share(asked_in, language):
                present &= ~covered
            if present.any():
                covered |= present
                search = self._lexical(connection, language, asked_in, understanding, present)
                searches[language] = self._with_dense(search, language, question)
        return searches

    def understand(self, query: Query) -> Understanding:
        """Return what a question is searched for."""
        languages = (query.language, *LANGUAGES)
        return understand(query.text, query.language, languages, self.snapshot.words.nearest, self.glossary)

    def lists(self, connection: sqlite3.Connection, query: Query) -> dict[str, LanguageList]:
        """Return what each language's texts say of all passages, before it is fused: what weights are fitted on."""
        understanding = self.understand(query)
        question = self._embedded(query.language, understanding.text, filtered=True)
        return {
            language: self._with_dense(
                self._lexical(connection, language, term_language(query.language), understanding, texts >= 0),
                language,
                question,
            ).list
            for language, texts in self.snapshot.passages.texts.items()
        }

    def _embedded(self, language: str, text: str, filtered: bool) -> _Question:
        """Return the question's vector and rough cosines; without filters Chroma's candidates alone, others NaN."""
        index = self.snapshot.dense
        if not index.size or not self.embedder.reads(language):
            return _Question(index, None, np.empty(0, dtype=np.float32))
        vector = self.embedder.embed_question(text)
        if filtered or not index.uses_chroma:
            return _Question(index, vector, index.rough_cosines(vector))
        rows = index.nearest(vector, CANDIDATES)
        rough = np.full(index.size, np.nan, dtype=np.float32)
        rough[rows] = index.cosines(vector, rows)
        return _Question(index, vector, rough)

    def _lexical(
        self,
        connection: sqlite3.Connection,
        language: str,
        asked_in: str,
        understanding: Understanding,
        present: NDArray[np.bool_],
    ) -> _Search:
        """Return what the words of the question find in one language."""
        passages = self.snapshot.passages
        keys, bm25 = lexical.bm25(connection, language, understanding.terms[language])
        z_matched, z_rest = sparse_z(bm25, len(passages.order[language][0]))
        scores, matched = np.full(passages.size, z_rest), np.zeros(passages.size, dtype=bool)
        found = passages.of_chunks(language, keys)
        scores[found], matched[found] = z_matched, True
        shares = self.weights.dense_share(asked_in, language), self.weights.text_share(asked_in, language) or 1.0
        return _Search(LanguageList(present, scores, None, *shares), present, matched & present)

    def _with_dense(self, search: _Search, language: str, question: _Question) -> _Search:
        """Return a search with its dense list, where the question and the texts have vectors."""
        rows = self.snapshot.dense_rows.get(language)
        if question.vector is None or rows is None:
            return search
        mean, deviation = question.index.moments(question.vector, language)
        cosines = np.where(rows >= 0, question.rough[rows], np.nan).astype(np.float64)
        unseen = search.found & (rows >= 0) & np.isnan(cosines)
        cosines[unseen] = question.index.cosines(question.vector, rows[unseen])
        known = search.list.present & ~np.isnan(cosines)
        dense = np.where(known, (cosines - mean) / (deviation or 1.0), np.nan)
        each = replace(search.list, present=search.list.present & (known | (rows < 0)), dense=dense)
        rows = np.where(known, rows, -1)
        return _Search(each, search.stands, search.found | known, rows, mean, deviation or 1.0)

    def _eligible(
        self,
        connection: sqlite3.Connection,
        searches: Mapping[str, _Search],
        understanding: Understanding,
        asked_in: str,
    ) -> NDArray[np.bool_]:
        """Return which passages may be found: with a word of the question or a vector, and its phrases."""
        passages = self.snapshot.passages
        eligible, exact = np.zeros(passages.size, dtype=bool), np.zeros(passages.size, dtype=bool)
        for search in searches.values():
            eligible |= search.found
        for language in passages.order if understanding.phrases else ():
            keys = lexical.with_phrases(connection, language, understanding.phrases)
            exact[passages.of_chunks(language, keys)] = True
        eligible &= self._readable(searches, asked_in)
        return eligible & exact if (eligible & exact).any() else eligible

    def _readable(self, searches: Mapping[str, _Search], asked_in: str) -> NDArray[np.bool_]:
        """Return which passages stand in the language in which their document is read: translations may not align."""
        passages = self.snapshot.passages
        readable, read = np.zeros(passages.size, dtype=bool), np.zeros(len(passages.ids), dtype=bool)
        for language in sorted(searches, key=reading_order(asked_in).index):
            stands = searches[language].stands
            readable |= stands & ~read[passages.documents]
            read[passages.documents[stands]] = True
        return readable

    def _chunks(
        self,
        connection: sqlite3.Connection,
        places: NDArray[np.int64],
        searches: Mapping[str, _Search],
        asked_in: str,
    ) -> list[tuple[int, Chunk]]:
        """Return the chunk of each passage in the language nearest to the asker's among those searched."""
        passages = self.snapshot.passages
        order = sorted(searches, key=lambda code: reading_order(asked_in).index(code))
        keys = [
            next(int(passages.chunks[code][place]) for code in order if searches[code].stands[place])
            for place in places
        ]
        chunks = read_chunks(connection, keys)
        return [(key, chunks[key]) for key in keys]

    def _reranked(
        self, connection: sqlite3.Connection, query: Query, places: NDArray[np.int64], searches: Mapping[str, _Search]
    ) -> NDArray[np.int64]:
        """Return the passages with the first ones in the reranker's order, where there is one; ties keep theirs.

        The scores stay those of the ranks, so that they still fall.
        """
        if self.reranker is None or not len(places):
            return places
        first = places[: self.reranked]
        texts = [chunk.text for _, chunk in self._chunks(connection, first, searches, query.language)]
        order = np.argsort(-self.reranker.score(query.text, texts), kind="stable")
        return np.concatenate([first[order], places[self.reranked :]])


def _best(
    searches: Mapping[str, _Search], eligible: NDArray[np.bool_], question: _Question, at_most: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the best passages and their scores: found roughly, then ranked in double precision."""
    rough = fuse([search.list for search in searches.values()])
    candidates = np.flatnonzero(eligible & (rough > -np.inf))
    candidates = candidates[np.argsort(-rough[candidates], kind="stable")[: 3 * at_most]]
    scores = fuse([search.of(candidates, question) for search in searches.values()]).round(9)
    order = np.lexsort((candidates, -scores))
    return candidates[order], scores[order]


def _best_cosine(searches: Mapping[str, _Search], question: _Question) -> float | None:
    """Return the highest cosine of the question with a passage that was looked at, phrases or not."""
    best = None
    for search in searches.values():
        dense, rows = search.list.dense, search.rows
        if dense is not None and rows is not None and question.vector is not None and (rows >= 0).any():
            nearest = rows[[int(np.nanargmax(dense))]]
            cosine = float(question.index.cosines(question.vector, nearest)[0])
            best = cosine if best is None else max(best, cosine)
    return best


def _kept(documents: list[int], at_least: int, at_most: int) -> int:
    """Return how many of the ranked passages are kept, given each one's document."""
    seen: set[int] = set()
    for place, document in enumerate(documents[:at_most]):
        if len(seen) >= MIN_DOCUMENTS and place >= at_least:
            return place
        seen.add(document)
    return min(len(documents), at_most)

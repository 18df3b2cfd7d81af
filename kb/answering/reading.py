"""Reading what was retrieved: the best documents, the candidates among their blocks, and what supports an answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kb.answering import support
from kb.answering.candidates import Candidate, Read, candidates, cosines, counting
from kb.answering.coverage import Wanted, index_terms
from kb.answering.followup import AGAIN
from kb.answering.question import Asked, holding, read_question
from kb.answering.ranking import Ranked, rank
from kb.models.embedder import Embedder
from kb.records import Passage
from kb.retrieval.lexical import inverse_frequencies
from kb.retrieval.retriever import Query, Retrieved
from kb.store.catalogue import live_document, read_blocks, term_language

READ_DOCUMENTS, READ_CASES = 12, 40
"""Documents that are read for an answer, and for a search for cases."""
NEAREST = 5
"""Documents among which a word of the question counts as found."""
HOLDS = 0.2
"""What it counts in the choice of sentences that one holds what is wanted, against 1 for all terms."""
Retrieve = Callable[[Query], Retrieved]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was made of one question, or of one part of a question."""

    connection: sqlite3.Connection
    embedder: Embedder
    asked: Asked
    retrieved: Retrieved
    wanted: Wanted
    reads: tuple[Read, ...]
    ranked: list[Ranked]
    found: frozenset[str]
    """Words of the question that any of the nearest documents has."""
    features: Mapping[str, float]
    """What support is made of; nothing where no passage was found."""
    support: float

    def score(self, text: str) -> float:
        """Return how well a text in the language of the best document answers: terms, nearness, what is wanted."""
        language = self.ranked[0].candidate.read.document.language
        covered = self.wanted.covered(index_terms(text, language), language)
        holds = holding(self.asked.wants, text) * counting(self.asked, self.wanted.of(language), text, language)
        return covered + self.nearness(text) + HOLDS * holds

    def cosines(self, texts: Sequence[str]) -> list[float]:
        """Return the cosine of each text with the question, 0 where the catalogue has no vector of it."""
        return cosines(self.connection, self.embedder, texts, self.retrieved.vector)

    def nearness(self, text: str) -> float:
        """Return the cosine of a text with the question, 0 where no model reads it."""
        if self.retrieved.vector is None:
            return 0.0
        return round(float(self.embedder.embed([text])[0] @ self.retrieved.vector), 6)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what was retrieved, within one read transaction."""

    connection: sqlite3.Connection
    embedder: Embedder
    retrieve: Retrieve

    def read(self, query: Query, last: str, before: Query | None = None, documents: int = READ_DOCUMENTS) -> Reading:
        """Return what the best documents say to a question.

        `last` is the turn that asks, `before` what was understood of the turn before it, where it needs that.
        """
        retrieved = self.retrieve(query)
        asked = read_question(last, query.language)
        reads = _documents(self.connection, retrieved.passages, documents)
        wanted = _wanted(self.connection, retrieved, reads)
        found = candidates(self.connection, self.embedder, reads, asked, wanted, retrieved.vector)
        ranked = rank(found, self._before(before, asked, reads), AGAIN) if before else rank(found)
        words = support.found_words(wanted, reads[:NEAREST])
        values = {}
        if ranked:
            values = support.features(asked, wanted, ranked, retrieved.best_cosine, words, before is not None)
        strength = support.score(values, by_words=retrieved.best_cosine is None) if ranked else 0.0
        return Reading(
            connection=self.connection,
            embedder=self.embedder,
            asked=asked,
            retrieved=retrieved,
            wanted=wanted,
            reads=tuple(reads),
            ranked=ranked,
            found=words,
            features=values,
            support=strength,
        )

    def _before(self, query: Query, asked: Asked, reads: Sequence[Read]) -> list[Candidate]:
        """Return the same blocks as candidates of another question."""
        retrieved = self.retrieve(query)
        wanted = _wanted(self.connection, retrieved, reads)
        return candidates(self.connection, self.embedder, reads, asked, wanted, retrieved.vector)


def _documents(connection: sqlite3.Connection, passages: Sequence[Passage], documents: int) -> list[Read]:
    """Return the best documents with their passages, in the order of their best passage."""
    grouped: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        grouped.setdefault((passage.chunk.document_id, passage.chunk.language), []).append(passage)
    found = []
    for (document_id, language), own in list(grouped.items())[:documents]:
        stored = live_document(connection, document_id, language)
        found.append(Read(stored.document, read_blocks(connection, stored.key), tuple(own)))
    return found


def _wanted(connection: sqlite3.Connection, retrieved: Retrieved, reads: Sequence[Read]) -> Wanted:
    """Return the question's terms with their weights in each language that is read."""
    terms = retrieved.understanding.terms
    languages = dict.fromkeys(term_language(each.document.language) for each in reads)
    return Wanted(terms, {code: inverse_frequencies(connection, code, terms[code]) for code in languages})

"""Reading what was retrieved: the best documents, the candidates among their blocks, and what supports an answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from kb.analysis import fold
from kb.answering import support
from kb.answering.candidates import Candidate, Read, candidates, cosines, counting
from kb.answering.coverage import Wanted, index_terms, weighted
from kb.answering.followup import AGAIN
from kb.answering.kept import kept_to, narrowed
from kb.answering.question import Asked, holding, read_question
from kb.answering.ranking import Ranked, rank
from kb.models.embedder import Embedder
from kb.models.matching import Matching
from kb.records import Passage
from kb.retrieval.lexical import inverse_frequencies
from kb.retrieval.retriever import Query, Retrieved
from kb.store.catalogue import live_document, read_blocks, term_language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READ_DOCUMENTS, READ_CASES, CASE_PASSAGES = 12, 60, 120
"""Documents that are read for an answer, and for a search for cases, with how many passages are retrieved for that: of
the cases of 25 unlocked searches .80 are among 40 documents of 60 passages, .87 among 60 of 120."""
NEAREST = 5
"""Documents among which a word of the question counts as found."""
WHOLE = 0.4
"""How much of what a block scores on the whole question is added to its score on a part of it. Vital nuggets of 21
unlocked multi-document questions: .58 without, .61 at .2, .63 at .4 and .7."""
NOT_A_SEARCH = 0.17
"""How much nearer a block has to be than what documents are examples of, for the question to ask for it alone: of 24
unlocked searches for cases one is, of 16 questions that only sound like it 8."""
ALONE, NOT_A_SEARCH_ALONE = 0.97, 0.1
"""The same where one document has so much of all weight: of 24 searches one, of the others 3 of 8."""
HOLDS, MATCHED = 0.2, 2.0
"""What it counts in the choice of sentences that one holds what is wanted, and that its tokens match, against 1 for all
terms. Vital nuggets of unlocked facts and multi-document questions: .90 and .62 at 0, .90 and .64 at 1, .91 and .64 at
2, .90 and .66 at 4."""
Retrieve = Callable[..., Retrieved]
"""Retrieves the passages for a query; `at_least` sets for how many passages."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was made of one question, or of one part of a question."""

    connection: sqlite3.Connection
    embedder: Embedder
    matching: Matching
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
    kept: tuple[str, ...] = ()
    """The countries and years that a search for cases was kept to, because the question names them."""

    def score(self, text: str) -> float:
        """Return how well a text in the language of the best document answers: terms, nearness, what is wanted.

        Tokens are matched with the turn that asks alone, so that in a follow-up what is new decides.
        """
        language = self.ranked[0].candidate.read.document.language
        covered = self.wanted.covered(index_terms(text, language), language)
        holds = holding(self.asked.wants, text) * counting(self.asked, self.wanted.of(language), text, language)
        matched = float(self.matching.match(self.asked.text, [text], [""]).mean[0])
        return covered + self.nearness(text) + MATCHED * matched + HOLDS * holds

    def cosines(self, texts: Sequence[str]) -> list[float]:
        """Return the cosine of each text with the question, 0 where the catalogue has no vector of it."""
        return cosines(self.connection, self.embedder, texts, self.retrieved.vector)

    def nearness(self, text: str) -> float:
        """Return the cosine of a text with the question, 0 where no model reads it."""
        return _nearness(self.embedder, self.retrieved.vector, [text])[0]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what was retrieved, within one read transaction."""

    connection: sqlite3.Connection
    embedder: Embedder
    matching: Matching
    retrieve: Retrieve

    def read(self, query: Query, last: str, before: Query | None = None, whole: Query | None = None) -> Reading:
        """Return what the best documents say to a question.

        `last` is the turn that asks, `before` what was understood of the turn before it, where it needs that; `whole`
        is the question of which this one is a part. Cases are looked for in more documents, of the countries that are
        named; what only sounds like it (one block is nearer than what any document is an example of) is read anew.
        """
        asked = read_question(last, query.language)
        if asked.type != "cases":
            return self._read(query, asked, before, whole)
        kept = kept_to(last) if kept_to(last).told else kept_to(query.text)
        narrow = replace(query, filters=narrowed(query.filters, kept))
        found = replace(self._read(narrow, asked, before, whole), kept=kept.told if narrow != query else ())
        if not found.ranked and narrow != query:
            found = self._read(query, asked, before, whole)
        if not found.ranked or _searches(found):
            return found
        return self._read(query, read_question(last, query.language, cases=False), before, whole)

    def _read(self, query: Query, asked: Asked, before: Query | None, whole: Query | None) -> Reading:
        searching = asked.type == "cases"
        retrieved = self.retrieve(query, at_least=CASE_PASSAGES) if searching else self.retrieve(query)
        reads = _documents(self.connection, retrieved.passages, READ_CASES if searching else READ_DOCUMENTS)
        wanted = _wanted(self.connection, retrieved, reads)
        found = candidates(self.connection, self.embedder, self.matching, reads, asked, wanted, retrieved)
        ranked = rank(found, *self._beside(before, whole, asked, reads))
        words = support.found_words(wanted, reads[:NEAREST])
        values = {}
        if ranked:
            near = partial(_nearness, self.embedder, retrieved.vector)
            examples = self._examples(reads, retrieved) if searching else []
            values = support.features(
                asked, wanted, ranked, retrieved.best_cosine, words, near, examples, before is not None
            )
        strength = support.score(values, retrieved.best_cosine is None, _texts_alone(ranked)) if ranked else 0.0
        strength = 1.0 if any(_asked_there(query.text, read) for read in reads) else strength
        return Reading(
            connection=self.connection,
            embedder=self.embedder,
            matching=self.matching,
            asked=asked,
            retrieved=retrieved,
            wanted=wanted,
            reads=tuple(reads),
            ranked=ranked,
            found=words,
            features=values,
            support=strength,
        )

    def _examples(self, reads: Sequence[Read], retrieved: Retrieved) -> list[float]:
        """Return how near a question is to what each document is an example of, of those of which it is said."""
        texts = [read.document.examples for read in reads if read.document.examples]
        return [max(cosines(self.connection, self.embedder, own, retrieved.vector)) for own in texts]

    def _beside(
        self, before: Query | None, whole: Query | None, asked: Asked, reads: Sequence[Read]
    ) -> tuple[list[Candidate], float]:
        """Return the same blocks as candidates of another question, and how much their scores on it count."""
        query = before or whole
        if query is None:
            return [], 0.0
        retrieved = self.retrieve(query)
        wanted = _wanted(self.connection, retrieved, reads)
        others = candidates(self.connection, self.embedder, self.matching, reads, asked, wanted, retrieved)
        return others, -AGAIN if before else WHOLE


def _texts_alone(ranked: Sequence[Ranked]) -> bool:
    """Tell whether nobody wrote questions for the blocks of the best document."""
    return not any(each.first is not None for each in ranked[0].candidate.read.document.block_questions)


def _searches(reading: Reading) -> bool:
    """Tell whether a question that sounds like it looks for cases: no single block or document answers it by far."""
    nearer = reading.features["cosine"] - reading.features["cases near"]
    first = reading.ranked[0].candidate.read.document.id
    alone = (
        len(reading.reads) > 1
        and sum(r.share for r in reading.ranked if r.candidate.read.document.id == first) >= ALONE
    )
    return nearer <= (NOT_A_SEARCH_ALONE if alone else NOT_A_SEARCH)


def _asked_there(question: str, read: Read) -> bool:
    """Tell whether a document says of itself that it answers a question."""
    texts = (*read.document.questions, *(each.text for each in read.document.block_questions if each.first is not None))
    asked = _plain(question)
    return bool(asked) and any(_plain(text) == asked for text in texts)


def _plain(question: str) -> str:
    return fold(question).strip(" ?!.")


def _nearness(embedder: Embedder, vector: NDArray[np.float32] | None, texts: Sequence[str]) -> list[float]:
    """Return the cosine of each text with a question's vector, 0 where there is none."""
    if vector is None:
        return [0.0] * len(texts)
    return [round(float(own @ vector), 6) for own in embedder.embed(texts)]


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
    return Wanted(
        terms, {code: weighted(terms[code], inverse_frequencies(connection, code, terms[code])) for code in languages}
    )

"""The answering engine: passages in, an answer or a reasoned refusal out. No language model."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering import choosing
from kb.answering.citing import cite, verify
from kb.answering.support import Support, Wanted, support
from kb.answering.wording import refusal_text
from kb.records import Answer, Document, Nearest, Passage, Refusal, Statement
from kb.retrieval.lexical import inverse_frequencies
from kb.retrieval.retriever import Query, Retrieved
from kb.retrieval.snapshot import Snapshot
from kb.store.catalogue import find_document, live_document, read_blocks, term_language
from kb.vocabulary import LANGUAGES
from kb.words.terms import Understanding

READ_DOCUMENTS = 5
SHOWN_NEAREST = 3


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The settings that change what an answer says."""

    passages: int
    max_words: int
    support: float
    support_by_words: float


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one snapshot, within one read transaction."""

    connection: sqlite3.Connection
    snapshot: Snapshot
    settings: AnswerSettings
    fingerprint: str

    def answer(self, query: Query, asked: str, answer_language: str, retrieved: Retrieved) -> Answer:
        """Return the answer to `query`, quoted in `answer_language` where the documents stand in it."""
        passages = retrieved.passages[: self.settings.passages]
        reads = self._reads(passages)
        wanted = self._wanted(retrieved.understanding, reads)
        supports = [support(read.document, wanted, retrieved.best_cosine) for read in reads]
        by_words = retrieved.best_cosine is None
        threshold = self.settings.support_by_words if by_words else self.settings.support
        trace = _trace(query, asked, retrieved.understanding, supports, threshold)
        best = max((s.score for s in supports), default=0.0)
        max_words = self.settings.max_words
        leads = {s.document.id for s in supports if s.score >= threshold}
        reads.sort(key=lambda read: read.document.id not in leads)
        quotes = choosing.choose(reads, wanted, choosing.answer_words(max_words)) if leads else []
        quoted = [s.score for s in supports if any(quote.document is s.document for quote in quotes)]
        if not quotes or max(quoted) < threshold:
            return self._refuse(query, asked, answer_language, retrieved, supports, trace)
        answering = self._in_language(quotes, answer_language, max_words) or quotes
        room = max_words - sum(quote.words for quote in answering)
        lead = next(read for read in reads if read.document is quotes[0].document)
        other = choosing.qualifying(lead, quotes, wanted, room)
        statements = tuple(_statement(quote) for quote in answering)
        other_side = tuple(_statement(quote) for quote in self._in_language(other, answer_language, room))
        sources = self._sources((*statements, *other_side))
        return Answer(
            question=asked,
            language=answer_language,
            status="answered",
            text="\n\n".join(statement.text for statement in statements),
            statements=statements,
            other_side=other_side,
            sources=sources,
            passages=retrieved.passages,
            refusal=None,
            fingerprint=self.fingerprint,
            support=best,
            trace=trace,
            mended=retrieved.understanding.mended,
            also_searched=retrieved.understanding.also_searched([query.language]),
        )

    def _reads(self, passages: Sequence[Passage]) -> list[choosing.Read]:
        """Return the best documents with their passages, in the order of their best passage."""
        grouped: dict[tuple[str, str], list[Passage]] = {}
        for passage in passages:
            grouped.setdefault((passage.chunk.document_id, passage.chunk.language), []).append(passage)
        reads = []
        for (document_id, language), own in list(grouped.items())[:READ_DOCUMENTS]:
            stored = live_document(self.connection, document_id, language)
            reads.append(choosing.Read(stored.document, read_blocks(self.connection, stored.key), tuple(own)))
        return reads

    def _wanted(self, understanding: Understanding, reads: Sequence[choosing.Read]) -> Wanted:
        """Return the question's terms with their weights in each language that is read."""
        languages = dict.fromkeys(term_language(read.document.language) for read in reads)
        weights = {code: inverse_frequencies(self.connection, code, understanding.terms[code]) for code in languages}
        return Wanted(understanding.terms, weights)

    def _in_language(self, quotes: Sequence[choosing.Quote], language: str, max_words: int) -> list[choosing.Quote]:
        """Return quotes in another language, as far as there is room for them in it."""
        return choosing.within([self._translated(quote, language) for quote in quotes], max_words)

    def _translated(self, quote: choosing.Quote, language: str) -> choosing.Quote:
        """Return a quote in another language where its document stands in it and aligns."""
        if quote.document.language == language:
            return quote
        stored = find_document(self.connection, quote.document.id, language)
        if stored is None:
            return quote
        blocks = read_blocks(self.connection, stored.key)
        if not choosing.aligned(blocks, quote.blocks):
            return quote
        return choosing.in_text(quote, stored.document, blocks)

    def _sources(self, statements: Sequence[Statement]) -> tuple[Document, ...]:
        """Return the documents that statements cite, once each, and match every quote against them."""
        documents: dict[tuple[str, str], Document] = {}
        for statement in statements:
            for citation in statement.citations:
                place = (citation.document_id, citation.language)
                if place not in documents:
                    documents[place] = live_document(self.connection, *place).document
            verify(statement, documents)
        return tuple(documents.values())

    def _refuse(
        self,
        query: Query,
        asked: str,
        language: str,
        retrieved: Retrieved,
        supports: list[Support],
        trace: tuple[tuple[str, str], ...],
    ) -> Answer:
        words = [term.word for term in retrieved.understanding.terms[query.language]]
        seen = {word for support in supports for word in support.found}
        found = tuple(word for word in words if word in seen)
        missing = tuple(word for word in words if word not in seen)
        nearest, questions = self._nearest(retrieved, language)
        reason = self._reason(query, retrieved)
        text = refusal_text(reason, language, found, missing, tuple(entry.title for entry in nearest))
        return Answer(
            question=asked,
            language=language,
            status="refused",
            text=text,
            statements=(),
            other_side=(),
            sources=(),
            passages=retrieved.passages,
            refusal=Refusal(reason, found, missing, nearest, questions),
            fingerprint=self.fingerprint,
            support=max((s.score for s in supports), default=0.0),
            trace=trace,
            mended=retrieved.understanding.mended,
            also_searched=retrieved.understanding.also_searched([query.language]),
        )

    def _reason(self, query: Query, retrieved: Retrieved) -> str:
        allowed = self.snapshot.allowed(query.filters)
        if allowed is not None and not len(allowed):
            return "filtered-out"
        return "thin-support" if retrieved.passages or query.filters else "no-match"

    def _nearest(self, retrieved: Retrieved, language: str) -> tuple[tuple[Nearest, ...], tuple[str, ...]]:
        """Return the nearest documents, titled in the reader's language, and a question that each answers."""
        scores: dict[str, float] = {}
        for passage in retrieved.passages:
            scores.setdefault(passage.chunk.document_id, passage.score)
        nearest: list[Nearest] = []
        questions: list[str] = []
        for document_id, score in list(scores.items())[:SHOWN_NEAREST]:
            texts = self.snapshot.languages[document_id]
            entry = texts.get(language) or next(iter(texts.values()))
            nearest.append(Nearest(document_id, entry.title, round(score, 6)))
            stored = find_document(self.connection, document_id, entry.language)
            questions += stored.document.questions[:1] if stored else ()
        return tuple(nearest), tuple(questions)


def _statement(quote: choosing.Quote) -> Statement:
    citation = cite(quote.document, quote.blocks, quote.start, quote.end)
    return Statement(citation.quote, (citation,))


def _trace(
    query: Query, asked: str, understanding: Understanding, supports: list[Support], threshold: float
) -> tuple[tuple[str, str], ...]:
    """Return how the answer came about, step by step."""
    steps = [("asked", asked)]
    if query.text != asked:
        steps.append(("understood", query.text))
    terms = understanding.terms[query.language]
    steps += [("language", query.language), ("terms", ", ".join(term.word for term in terms))]
    steps += [("mended", f"{word}: {known}") for word, known in understanding.mended]
    also = understanding.also_searched(LANGUAGES)
    steps += [("also searched", ", ".join(also))] if also else []
    steps += [(f"support {s.document.id}", f"{s.score:.3f}") for s in supports]
    return (*steps, ("threshold", f"{threshold:.3f}"))

"""The answering engine: passages in, an answer or a reasoned refusal out. No language model."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.answering import choosing, quoting
from kb.answering.addressed import commands
from kb.answering.answered import is_answered
from kb.answering.cases import find_cases
from kb.answering.citing import LEFT_OUT, cite, verify, with_headings
from kb.answering.defining import glossary_says
from kb.answering.followup import understood
from kb.answering.introducing import with_introductions
from kb.answering.other_side import other_side
from kb.answering.question import left_out, names
from kb.answering.quoting import Quote, list_around
from kb.answering.reading import Reader, Reading
from kb.answering.refusing import refuse
from kb.answering.sides import sides_of
from kb.answering.trace import Turn, trace
from kb.answering.wording import notes
from kb.records import Answer, Citation, Document, Statement
from kb.retrieval.retriever import Query
from kb.retrieval.snapshot import Snapshot
from kb.store.catalogue import find_document, live_document, read_blocks


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The settings that change what an answer says."""

    max_words: int
    support: float
    support_by_words: float


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one snapshot, within one read transaction."""

    connection: sqlite3.Connection
    snapshot: Snapshot
    reader: Reader
    settings: AnswerSettings
    fingerprint: str

    def answer(self, query: Query, before: Query | None, asked: str, answer_language: str) -> Answer:
        """Return the answer to `query`, quoted in `answer_language` where the documents stand in it.

        `asked` is the turn as it was typed; `before` is what was understood of the turn that it needs, if it does.
        """
        whole = self.reader.read(query, asked, before)
        parts = self._parts(whole, query) if before is None else []
        supported = [part for part in parts if self._supports(part)] or [whole] * self._supports(whole)
        chosen = self._chosen(whole, supported, answer_language)
        turn = Turn(query, asked, query.text if before else None, answer_language, self._threshold(whole))
        if not chosen:
            return refuse(self.connection, self.snapshot, turn, whole, self.fingerprint)
        silent = [part for part in parts if not is_answered(part, supported, chosen)]
        unanswered = tuple(part.asked.text for part in silent if supported != [whole]) or left_out(whole.asked)
        return self._composed(turn, whole, supported, chosen, unanswered)

    def _composed(
        self, turn: Turn, whole: Reading, supported: Sequence[Reading], chosen: list[Quote], unanswered: tuple[str, ...]
    ) -> Answer:
        """Return the answer that quotes make, with what may qualify it."""
        language, understanding = turn.language, whole.retrieved.understanding
        statements = tuple(_statement(quote) for quote in chosen)
        beside = tuple(_statement(quote) for quote in self._beside(whole, supported, chosen, language))
        cited = self._sources(statements)
        support = max(part.support for part in supported)
        return Answer(
            question=turn.asked,
            language=language,
            status="partial" if unanswered else "answered",
            text=_text(statements),
            statements=statements,
            other_side=beside,
            sources=tuple(dict.fromkeys([*cited, *self._sources(beside)])),
            passages=whole.retrieved.passages,
            refusal=None,
            fingerprint=self.fingerprint,
            support=support,
            trace=trace(turn, whole, support, chosen),
            mended=understanding.mended,
            also_searched=understanding.also_searched([turn.query.language]),
            type=whole.asked.type,
            understood=turn.understood,
            unanswered=unanswered,
            definitions=glossary_says(whole.asked, understanding, language),
            notes=notes(cited, language),
        )

    def _parts(self, whole: Reading, query: Query) -> list[Reading]:
        """Return what was made of each part of a question of several parts; one may need those before it."""
        parts = whole.asked.parts
        if len(parts) < 2 or whole.asked.type == "cases":
            return []
        return [self._part(parts[: place + 1], query) for place in range(len(parts))]

    def _part(self, parts: Sequence[str], query: Query) -> Reading:
        meant = understood(parts, query.language)
        if meant.before is None or names(parts[-1], query.language):
            return self.reader.read(replace(query, text=parts[-1]), parts[-1], whole=query)
        return self.reader.read(replace(query, text=meant.text), parts[-1], replace(query, text=meant.before))

    def _threshold(self, reading: Reading) -> float:
        return self.settings.support_by_words if reading.retrieved.best_cosine is None else self.settings.support

    def _supports(self, reading: Reading) -> bool:
        return bool(reading.ranked) and reading.support >= self._threshold(reading)

    def _chosen(self, whole: Reading, supported: Sequence[Reading], language: str) -> list[Quote]:
        """Return the quotes of the answer in a language, within the words that are allowed; none without support."""
        kind, limit = whole.asked.type, self.settings.max_words
        if kind == "cases":
            cases = with_introductions(find_cases(whole), whole.asked.text, limit) if supported else []
            return choosing.by_document(self._in_language(cases, language, limit))
        form = choosing.for_parts(choosing.form_of(whole.asked), len(supported))
        room = limit // max(1, len(supported))
        chosen: list[Quote] = []
        for part in supported:
            sides = sides_of(part.asked, part.ranked)
            for side in sides:
                own = choosing.within_limit(choosing.for_side(form, len(sides)), room // len(sides))
                chosen += choosing.choose(side, own, part.score, chosen)
        chosen = with_introductions(chosen, whole.asked.text, limit)
        return choosing.by_document(self._in_language(chosen, language, limit))

    def _beside(
        self, whole: Reading, supported: Sequence[Reading], chosen: Sequence[Quote], language: str
    ) -> list[Quote]:
        """Return the quotes of the other side in a language; cases qualify each other."""
        if whole.asked.type == "cases":
            return []
        room = self.settings.max_words - sum(quote.words for quote in chosen)
        asked_for = whole.asked.type == "objections"
        found = other_side(supported[0].ranked, chosen, whole.score, whole.asked.text, asked_for, room)
        return self._in_language(found, language, room)

    def _in_language(self, quotes: Sequence[Quote], language: str, max_words: int) -> list[Quote]:
        """Return quotes in another language, as far as there is room for them in it."""
        return quoting.within([self._translated(quote, language) for quote in quotes], max_words)

    def _translated(self, quote: Quote, language: str) -> Quote:
        """Return a quote in another language where its document stands in it and aligns."""
        if quote.document.language == language:
            return quote
        stored = find_document(self.connection, quote.document.id, language)
        if stored is None:
            return quote
        blocks = read_blocks(self.connection, stored.key)
        return quoting.in_text(quote, stored.document, blocks) if quoting.aligned(blocks, quote.blocks) else quote

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


def _statement(quote: Quote) -> Statement:
    """Return what is quoted, under its document's title; items of a list without its lead, under their section's."""
    citations = tuple(cite(quote.document, quote.blocks, start, end) for start, end in quote.spans)
    first = quote.blocks[quote.first]
    items = first.kind == "item" and quote.lead is None and quote.last > quote.first
    section = first.headings[-1] if first.headings and items else ""
    section = "" if commands(quote.document, section) else section
    heading = quote.document.title if section in ("", quote.document.title) else f"{quote.document.title} – {section}"
    return Statement(_read_as(quote, citations), citations, heading)


def _read_as(quote: Quote, citations: Sequence[Citation]) -> str:
    """Return quotes as one text; of a list of which only some items are quoted, with signs for the others."""
    lines = [citation.quote for citation in citations]
    if quote.lead is not None:
        whole = list_around(quote.blocks, quote.blocks[quote.last])
        before, after = quote.first > quote.lead + 1, quote.last < whole[1]
        lines = [lines[0], *[LEFT_OUT] * before, *lines[1:], *[LEFT_OUT] * after]
    return "\n".join(lines)


def _text(statements: Sequence[Statement]) -> str:
    """Return statements as they are read; a heading stands once above those that it is for."""
    return "\n\n".join(f"{heading}\n{each.text}".lstrip() for each, heading in with_headings(statements))

"""Refusing well: which terms were found and which were not, the nearest documents, and questions that are answered."""

from __future__ import annotations

import sqlite3

from kb.answering.defining import glossary_says
from kb.answering.reading import Reading
from kb.answering.trace import Turn, trace
from kb.answering.wording import refusal_text
from kb.records import Answer, Document, Nearest, Refusal
from kb.retrieval.retriever import Query
from kb.retrieval.snapshot import Snapshot
from kb.store.catalogue import find_document

SHOWN_NEAREST = 3


def refuse(
    connection: sqlite3.Connection, snapshot: Snapshot, turn: Turn, reading: Reading, fingerprint: str
) -> Answer:
    """Return the refusal of a question."""
    query, language = turn.query, turn.language
    understanding = reading.retrieved.understanding
    words = [term.word for term in understanding.terms[query.language] if not term.everyday]
    found = tuple(word for word in words if word in reading.found)
    missing = tuple(word for word in words if word not in reading.found)
    nearest, questions = _nearest(connection, snapshot, reading, language)
    reason = _reason(snapshot, query, reading, missing)
    wants = reading.asked.wants if reason == "not-stated" else None
    return Answer(
        question=turn.asked,
        language=language,
        status="refused",
        text=refusal_text(reason, language, found, missing, tuple(entry.title for entry in nearest), wants),
        statements=(),
        other_side=(),
        sources=(),
        passages=reading.retrieved.passages,
        refusal=Refusal(reason, found, missing, nearest, questions),
        fingerprint=fingerprint,
        support=reading.support,
        trace=trace(turn, reading, reading.support, []),
        mended=understanding.mended,
        also_searched=understanding.also_searched([query.language]),
        type=reading.asked.type,
        understood=turn.understood,
        definitions=glossary_says(reading.asked, understanding, language),
    )


def _reason(snapshot: Snapshot, query: Query, reading: Reading, missing: tuple[str, ...]) -> str:
    """Return why there is no answer; "not-stated" where all words stand there, but not the kind of thing asked for."""
    allowed = snapshot.allowed(query.filters)
    if allowed is not None and not len(allowed):
        return "filtered-out"
    if not reading.retrieved.passages and not query.filters:
        return "no-match"
    stated = reading.asked.wants in (None, "meaning") or not reading.ranked or bool(missing)
    return "thin-support" if stated else "not-stated"


def _nearest(
    connection: sqlite3.Connection, snapshot: Snapshot, reading: Reading, language: str
) -> tuple[tuple[Nearest, ...], tuple[str, ...]]:
    """Return the nearest documents, titled in the reader's language, and what each answers that is nearest to it."""
    scores: dict[str, float] = {}
    for passage in reading.retrieved.passages:
        scores.setdefault(passage.chunk.document_id, passage.score)
    nearest: list[Nearest] = []
    questions: list[str] = []
    for document_id, score in list(scores.items())[:SHOWN_NEAREST]:
        texts = snapshot.languages[document_id]
        entry = texts.get(language) or next(iter(texts.values()))
        nearest.append(Nearest(document_id, entry.title, round(score, 6)))
        stored = find_document(connection, document_id, entry.language)
        questions += _answered(stored.document, reading) if stored else []
    return tuple(nearest), tuple(questions)


def _answered(document: Document, reading: Reading) -> list[str]:
    """Return the question of those that a document's blocks answer which is nearest to what was asked."""
    asked = [each.text for each in document.block_questions if each.first is not None]
    cosines = reading.cosines(asked)
    if not any(cosines):
        return list(document.questions[:1])
    return [asked[cosines.index(max(cosines))]]

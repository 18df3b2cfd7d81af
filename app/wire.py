"""Answers and passages as JSON: the batch door's format, version 1. Later versions add keys, never rename."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from kb.errors import KBError
from kb.records import Answer, Citation, Document, Passage, Refusal, Statement

SCHEMA_VERSION = 1

Original = Callable[[Citation], Citation | None]
"""From a citation to the passage that it is a translation of."""


def answer_json(question_id: object, answer: Answer, original: Original | None = None) -> dict[str, Any]:
    """Return an answer as a line of the batch door; with `original`, each citation has that key."""
    return {
        "schema_version": SCHEMA_VERSION,
        "id": question_id,
        "status": answer.status,
        "language": answer.language,
        "text": answer.text,
        "statements": [_statement(statement, original) for statement in answer.statements],
        "other_side": [_statement(statement, original) for statement in answer.other_side],
        "sources": [source_json(document) for document in answer.sources],
        "passages": [passage_json(passage) for passage in answer.passages],
        "refusal": _refusal(answer.refusal) if answer.refusal else None,
        "mended": [list(pair) for pair in answer.mended],
        "also_searched": list(answer.also_searched),
        "type": answer.type,
        "understood": answer.understood,
        "unanswered": list(answer.unanswered),
        "definitions": list(answer.definitions),
        "notes": list(answer.notes),
        "fingerprint": answer.fingerprint,
        "error": None,
    }


def error_json(question_id: object, code: str, message: str) -> dict[str, Any]:
    """Return the line of a question that could not be asked."""
    return {
        "schema_version": SCHEMA_VERSION,
        "id": question_id,
        "status": "error",
        "language": None,
        "text": "",
        "statements": [],
        "other_side": [],
        "sources": [],
        "passages": [],
        "refusal": None,
        "mended": [],
        "also_searched": [],
        "type": None,
        "understood": None,
        "unanswered": [],
        "definitions": [],
        "notes": [],
        "fingerprint": None,
        "error": {"code": code, "message": message},
    }


def failure_json(question_id: object, error: KBError) -> dict[str, Any]:
    """Return the line of a question that raised a `KBError`."""
    return error_json(question_id, error.code, str(error))


def passage_json(passage: Passage) -> dict[str, Any]:
    """Return a passage's place and score, rounded to six decimals."""
    chunk = passage.chunk
    return {
        "document_id": chunk.document_id,
        "language": chunk.language,
        "start": chunk.start,
        "end": chunk.end,
        "score": round(passage.score, 6),
    }


def source_json(document: Document) -> dict[str, Any]:
    """Return what is said of a cited document."""
    names = ("title", "kind", "country", "year", "evidence", "stance", "text_by", "basis", "source_url")
    return {"document_id": document.id, **{name: getattr(document, name) for name in names}}


def _statement(statement: Statement, original: Original | None) -> dict[str, Any]:
    return {
        "text": statement.text,
        "heading": statement.heading,
        "citations": [_citation(citation, original) for citation in statement.citations],
    }


def _citation(citation: Citation, original: Original | None) -> dict[str, Any]:
    if original is None:
        return asdict(citation)
    found = original(citation)
    return {**asdict(citation), "original": asdict(found) if found else None}


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "reason": refusal.reason,
        "found_terms": list(refusal.found_terms),
        "missing_terms": list(refusal.missing_terms),
        "nearest": [asdict(nearest) for nearest in refusal.nearest],
        "questions": list(refusal.questions),
    }

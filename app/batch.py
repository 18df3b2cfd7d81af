"""The batch door: JSON lines in, JSON lines out, in order, from one process."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from app import wire
from kb.errors import KBError
from kb.knowledge_base import KnowledgeBase
from kb.schema import LanguageCode, metadata_problems

log = logging.getLogger(__name__)


class BatchLine(BaseModel):
    """A line that asks: one question, or the turns of a conversation of which the last is answered."""

    model_config = ConfigDict(extra="forbid")

    id: str | int
    question: str | None = None
    turns: list[str] | None = None
    language: LanguageCode | None = None
    answer_language: LanguageCode | None = None
    filters: dict[str, Any] = {}

    @model_validator(mode="after")
    def _one_of_both(self) -> BatchLine:
        if (self.question is None) == (not self.turns):
            raise ValueError("give either 'question' or 'turns'")
        return self

    @property
    def asked(self) -> list[str]:
        """Return the turns, of which the last is the question."""
        return [self.question] if self.question is not None else list(self.turns or ())


Answering = Callable[[BatchLine], dict[str, Any]]


def ask_line(kb: KnowledgeBase, timing: bool = False, original: bool = False) -> Answering:
    """Return a function that answers one line of `tillit ask --batch`."""

    def answer(line: BatchLine) -> dict[str, Any]:
        begun = time.perf_counter()
        found = kb.ask(*line.asked, language=line.language, answer_language=line.answer_language, filters=line.filters)
        result = wire.answer_json(line.id, found, kb.original if original else None)
        if timing:
            result["elapsed_ms"] = round((time.perf_counter() - begun) * 1000, 3)
        return result

    return answer


def search_line(kb: KnowledgeBase, limit: int) -> Answering:
    """Return a function that answers one line of `tillit search --batch`."""

    def search(line: BatchLine) -> dict[str, Any]:
        passages = kb.search(line.asked[-1], language=line.language, filters=line.filters, limit=limit)
        return {"id": line.id, "results": [wire.passage_json(passage) for passage in passages], "error": None}

    return search


def run(lines: Iterable[bytes], answering: Answering) -> Iterator[str]:
    """Yield one JSON line for each line that is not blank; a bad one gives an error line and the rest goes on."""
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            yield json.dumps(_one(number, raw, answering), ensure_ascii=False)


def _one(number: int, raw: bytes, answering: Answering) -> dict[str, Any]:
    question_id: object = None
    try:
        fields = json.loads(raw.decode("utf-8"))
        if not isinstance(fields, dict):
            raise ValueError("a line must be a JSON object")
        question_id = fields.get("id")
        return answering(BatchLine.model_validate(fields))
    except ValidationError as error:
        return wire.error_json(question_id, "bad-line", f"Line {number}: {metadata_problems(error)[0][1]}.")
    except (ValueError, RecursionError) as error:
        return wire.error_json(question_id, "bad-line", f"Line {number} is not a valid question: {error}.")
    except KBError as error:
        return wire.failure_json(question_id, error)
    except Exception as error:  # one question must not cost the others their answers
        log.exception("line %d", number)
        return wire.error_json(question_id, "internal", f"Tillit failed on line {number}: {type(error).__name__}.")

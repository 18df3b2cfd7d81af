"""Running the question set through the public facade: one result a row."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Literal

from eval import retrieval_metrics
from eval.answer_metrics import answer_metrics
from eval.gold import Lookup, alternatives, chunk_is_relevant, relevant_documents
from eval.rows import Row
from kb.errors import IndexMissingError, KBError, ModelError
from kb.knowledge_base import KnowledgeBase
from kb.records import Answer, Progress, no_progress

CASES_K = 20
WIDE = 100
"""Passages that are looked at for case-finding, where twenty documents count."""

Where = Literal["right", "not retrieved", "not chosen", "refused", "answered", "error"]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one row. `documents` are those retrieved, best first; `where` says where it failed."""

    id: str
    family: str
    type: str
    language: str
    variant: str
    question: str
    status: str
    text: str
    other_side: str
    documents: list[str]
    metrics: dict[str, float]
    support: float
    where: Where
    expected: str
    trace: list[tuple[str, str]]
    digest: str
    seconds: float = field(compare=False, default=0.0)

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON, without the time that it took."""
        fields = asdict(self)
        fields.pop("seconds")
        return fields


def run(kb: KnowledgeBase, rows: Sequence[Row], progress: Progress = no_progress) -> list[Result]:
    """Return one result for each row, in order.

    A question that ends in an error is a result too: it fails every check that has to hold. What
    keeps all questions from being asked (no index, another model) is raised.
    """
    lookup = lru_cache(maxsize=4096)(kb.document)
    results = []
    for done, row in enumerate(rows, 1):
        try:
            results.append(_run_one(kb, row, lookup))
        except (IndexMissingError, ModelError):
            raise
        except KBError as error:
            results.append(_failed(row, error))
        progress("questions", done, len(rows))
    return results


def _failed(row: Row, error: KBError) -> Result:
    zeros = ["citation_validity", "citation_coverage", "refusal_right"]
    zeros += ["recall@5", "vital_nuggets"] if row.family.gold else []
    return Result(
        id=row.id,
        family=row.family.id,
        type=row.family.type,
        language=row.language,
        variant=row.variant,
        question=" | ".join(row.turns),
        status="error",
        text=str(error),
        other_side="",
        documents=[],
        metrics={**dict.fromkeys(zeros, 0.0), "words": 0.0},
        support=0.0,
        where="error",
        expected=_expected(row),
        trace=[("error", error.code)],
        digest=hashlib.sha256(str(error).encode()).hexdigest()[:16],
    )


def _run_one(kb: KnowledgeBase, row: Row, lookup: Lookup) -> Result:
    language = "nb" if row.language == "nn" else row.language
    begun = time.perf_counter()
    answer = kb.ask(*row.turns, language=None)
    seconds = time.perf_counter() - begun
    metrics = answer_metrics(row.family, answer, lookup)
    metrics["language_right"] = float(answer.language == language)
    ranking = retrieval_metrics.document_ranking([p.chunk.document_id for p in answer.passages])
    if row.family.gold:
        metrics |= _retrieval(kb, row, answer, ranking, lookup)
    return Result(
        id=row.id,
        family=row.family.id,
        type=row.family.type,
        language=row.language,
        variant=row.variant,
        question=" | ".join(row.turns),
        status=answer.status,
        text=answer.text,
        other_side="\n\n".join(statement.text for statement in answer.other_side),
        documents=ranking[:10],
        metrics={name: round(value, 6) for name, value in metrics.items()},
        support=round(answer.support, 6),
        where=_where(row, answer, metrics),
        expected=_expected(row),
        trace=[*answer.trace],
        digest=_digest(answer),
        seconds=seconds,
    )


def _retrieval(kb: KnowledgeBase, row: Row, answer: Answer, ranking: list[str], lookup: Lookup) -> dict[str, float]:
    family, options = row.family, alternatives(row.family)
    metrics = retrieval_metrics.standard(ranking, relevant_documents(family))
    metrics["recall@5"] = retrieval_metrics.recall(ranking, options, 5)
    read = answer.passages[: kb.settings.passages]
    shown = retrieval_metrics.document_ranking([p.chunk.document_id for p in read])
    metrics["recall@answer"] = retrieval_metrics.recall(shown, options, max(1, len(shown)))
    spans = [span for alternative in family.gold for span in alternative]
    metrics["chunk_recall@answer"] = float(any(chunk_is_relevant(p.chunk, spans, lookup) for p in read))
    if family.type in ("multi-document", "comparison"):
        metrics["all_gold@10"] = retrieval_metrics.all_gold(ranking, options, 10)
    if family.other_side:
        sides = [frozenset(span.document for span in family.other_side)]
        metrics["other_side_recall@10"] = retrieval_metrics.recall(ranking, sides, 10)
    if family.type == "case-finding":
        wide = kb.search(row.turns[-1], limit=WIDE)
        cases = retrieval_metrics.document_ranking([p.chunk.document_id for p in wide])
        metrics["recall@20"] = retrieval_metrics.recall(cases, options, CASES_K)
        metrics["r_precision"] = retrieval_metrics.r_precision(cases, relevant_documents(family))
    return metrics


def _where(row: Row, answer: Answer, metrics: dict[str, float]) -> Where:
    """Return where a row failed, or that it did not."""
    if row.family.type == "unanswerable":
        return "right" if answer.status == "refused" else "answered"
    if metrics.get("canary_free", 1.0) < 1:
        return "answered"
    if answer.status == "refused":
        return "refused" if metrics.get("recall@answer", 1.0) > 0 else "not retrieved"
    if metrics.get("all_vital", 1.0) == 1:
        return "right"
    return "not retrieved" if metrics.get("recall@answer", 1.0) < 1 else "not chosen"


def _expected(row: Row) -> str:
    family = row.family
    if family.type == "unanswerable":
        return "a refusal"
    vital = [forms[0] for n in family.nuggets if n.importance == "vital" for forms in [next(iter(n.aliases.values()))]]
    return f"{', '.join(vital)} (from {', '.join(sorted(relevant_documents(family)))})"


def _digest(answer: Answer) -> str:
    """Return a hash of all that a reader and the gate see of an answer."""
    seen = [answer.status, answer.text, [asdict(s) for s in (*answer.statements, *answer.other_side)]]
    passages = [(p.chunk.document_id, p.chunk.language, p.chunk.start, round(p.score, 6)) for p in answer.passages]
    return hashlib.sha256(json.dumps([seen, passages], sort_keys=True).encode()).hexdigest()[:16]

"""What `tillit eval` does: run, compare, gate; and the index of a BEIR set, which needs ingestion."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval import beir, runner
from eval.rows import Row, expand, questions_fingerprint, read_locked
from eval.runner import Result
from eval.schema import Family
from ingest.intake import ingest
from ingest.service import Workshop
from kb.characters import normalise
from kb.errors import DocumentError
from kb.knowledge_base import KnowledgeBase
from kb.models.embedder import Embedder
from kb.records import Document, Progress
from kb.settings import Settings
from kb.shipped import sha256_of
from kb.store import writer
from kb.vocabulary import UNKNOWN

STAGES = {"lexical": 0.0, "dense": 1.0, "fused": None}
"""The weight of the dense list at each stage; None leaves the setting's."""


def chosen_rows(families: Sequence[Family], only: str | None, locked: bool) -> list[Row]:
    """Return the rows of the locked or the unlocked families, all or of one type, family or row."""
    ids = read_locked()
    rows = [row for row in expand(families) if (row.family.id in ids) == locked]
    if only is None:
        return rows
    rows = [row for row in rows if only in (row.family.type, row.family.id, row.id)]
    if not rows:
        raise DocumentError(f"There is no type, family or question '{only}' among them. See: tillit eval check")
    return rows


def evaluate(kb: KnowledgeBase, rows: Sequence[Row], progress: Progress) -> list[Result]:
    """Return the results of rows; those with a planted document are asked of a copy that holds it."""
    planted = [row for row in rows if row.family.plant]
    plain = runner.run(kb, [row for row in rows if not row.family.plant], progress)
    if not planted:
        return plain
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(kb.data, copy)
        files = []
        for family in {row.family.id: row.family for row in planted}.values():
            file = Path(folder) / f"{family.id}.md"
            file.write_text(family.plant or "", encoding="utf-8")
            files.append(file)
        ingest(Workshop(copy, kb.embedder, progress=progress), files)
        hostile = KnowledgeBase(kb.settings.model_copy(update={"data": copy}), kb.embedder)
        return sorted([*plain, *runner.run(hostile, planted, progress)], key=lambda result: result.id)


def fingerprints(kb: KnowledgeBase, rows: Sequence[Row]) -> dict[str, str]:
    """Return what a run's figures depend on."""
    status = kb.status()
    return {
        "corpus": status.corpus,
        "index": status.index,
        "model": status.model or "none",
        "passages": str(kb.settings.passages),
        "questions": questions_fingerprint(rows),
    }


@dataclass(frozen=True, slots=True)
class BeirReport:
    """Scores by stage, and seconds for the index and for a query at the median."""

    documents: int
    queries: int
    index_seconds: float
    stages: dict[str, dict[str, float]]
    query_ms: dict[str, float]


def evaluate_beir(
    data_set: beir.BeirSet,
    language: str,
    queries_language: str,
    settings: Settings,
    embedder: Embedder,
    progress: Progress,
) -> BeirReport:
    """Index a BEIR set in a temporary folder and return its scores for lexical, dense and fused search."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        begun = time.perf_counter()
        names = _index(data_set, language, Workshop(data, embedder, progress=progress))
        seconds = time.perf_counter() - begun
        stages, times = {}, {}
        served = embedder.reads(language) and embedder.reads(queries_language)
        for stage, weight in STAGES.items():
            if stage == "dense" and not served:
                continue
            changed = {"data": data} if weight is None else {"data": data, "dense_weight": weight}
            kb = KnowledgeBase(settings.model_copy(update=changed), embedder)
            rankings, times[stage] = _rank(kb, data_set, names, queries_language, progress)
            stages[stage] = beir.score(data_set.qrels, rankings)
    return BeirReport(len(data_set.corpus), len(data_set.queries), seconds, stages, times)


def _index(data_set: beir.BeirSet, language: str, workshop: Workshop) -> dict[str, str]:
    """Index the corpus and return the BEIR id of each of our document ids."""
    from ingest import pipeline

    names = {f"d{number}": name for number, name in enumerate(data_set.corpus)}
    with workshop.writing() as connection:
        steps = pipeline.storing_steps(connection, workshop.embedder, workshop.window)
        ids = list(names)
        for first in range(0, len(ids), 256):
            batch = [_document(i, *data_set.corpus[names[i]], language) for i in ids[first : first + 256]]
            pipeline.run(steps, [pipeline.document_node(document, "own", place=writer.Place()) for document in batch])
            workshop.progress("documents", min(first + 256, len(ids)), len(ids))
        workshop.publish(connection)
    return names


def _document(document_id: str, title: str, text: str, language: str) -> Document:
    body = normalise(text) or title or "."
    return Document(
        id=document_id,
        language=language,
        title=title,
        text=body,
        sha256=sha256_of(body),
        kind=UNKNOWN,
        evidence=UNKNOWN,
        stance=UNKNOWN,
        text_by="source",
    )


def _rank(
    kb: KnowledgeBase, data_set: beir.BeirSet, names: dict[str, str], language: str, progress: Progress
) -> tuple[dict[str, list[str]], float]:
    """Return the ranking of each query as BEIR ids, and the milliseconds of a query at the median."""
    rankings, durations = {}, []
    kb.search("warm-up", language=language)
    for done, (query, text) in enumerate(data_set.queries.items(), 1):
        begun = time.perf_counter()
        passages = kb.search(text[: kb.settings.question_chars], language=language, limit=100)
        durations.append((time.perf_counter() - begun) * 1000)
        rankings[query] = list(dict.fromkeys(names[passage.chunk.document_id] for passage in passages))
        progress("questions", done, len(data_set.queries))
    return rankings, statistics.median(durations)

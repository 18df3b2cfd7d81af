"""Question sets in the format of BEIR (Thakur et al. 2021): reading them, and scoring runs over them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import DocumentError

MEASURES = {
    "ndcg@10": "nDCG@10",
    "rr@10": "RR@10",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "recall@100": "R@100",
    "success@1": "Success@1",
}
"""The measures by our names, with those of ir_measures."""


@dataclass(frozen=True, slots=True)
class BeirSet:
    """A corpus by id as (title, text), the judged queries by id, and the relevance of documents by query."""

    corpus: dict[str, tuple[str, str]]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def read_beir(folder: Path, limit: int | None = None) -> BeirSet:
    """Read `corpus.jsonl`, `queries.jsonl` and `qrels.tsv` (or `qrels/test.tsv`); `limit` takes so many queries.

    Raises `DocumentError` with file and line where something is missing or not of the format.
    """
    path = next((p for p in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if p.exists()), None)
    if path is None:
        raise DocumentError(f"There is no qrels.tsv and no qrels/test.tsv in {folder}.")
    corpus = {str(e["_id"]): (str(e.get("title") or ""), str(e["text"])) for e in _entries(folder / "corpus.jsonl")}
    queries = {str(e["_id"]): str(e["text"]) for e in _entries(folder / "queries.jsonl")}
    qrels: dict[str, dict[str, int]] = {}
    for query, document, relevance in _judgements(path):
        if query in queries and document in corpus and relevance > 0:
            qrels.setdefault(query, {})[document] = relevance
    if not qrels:
        raise DocumentError(f"{path} judges no query of queries.jsonl relevant to a document of corpus.jsonl.")
    kept = list(qrels)[:limit]
    return BeirSet(corpus, {q: queries[q] for q in kept}, {q: qrels[q] for q in kept})


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                entry = json.loads(line)
                if not isinstance(entry, dict) or not {"_id", "text"} <= entry.keys():
                    raise DocumentError(f"{path}, line {number}: a line needs '_id' and 'text'.")
                yield entry
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path} cannot be read: {error}.") from None


def _judgements(path: Path) -> Iterator[tuple[str, str, int]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
                if len(row) not in (3, 4):
                    raise DocumentError(f"{path}, line {number}: a line needs query, document and relevance.")
                if number > 1 or row[-1].lstrip("-").isdigit():
                    yield row[0], row[-2], int(row[-1])
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path} cannot be read: {error}.") from None


def score(qrels: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return the means of the measures over all judged queries; one without a ranking scores 0."""
    from ir_measures import Qrel, ScoredDoc, iter_calc, parse_measure

    judged = [Qrel(query, document, rel) for query, each in qrels.items() for document, rel in each.items()]
    run = [
        ScoredDoc(query, document, -rank)
        for query, ranking in rankings.items()
        for rank, document in enumerate(dict.fromkeys(ranking))
    ]
    totals = dict.fromkeys(MEASURES, 0.0)
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in iter_calc([parse_measure(measure) for measure in names], judged, run):
        if rankings.get(metric.query_id):
            totals[names[str(metric.measure)]] += float(metric.value)
    return {name: total / len(qrels) for name, total in totals.items()}

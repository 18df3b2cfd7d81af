"""Retrieval metrics over distinct documents; the standard ones are ir_measures'.

Ties do not arise: each document's score is minus its rank. With several alternatives of gold, recall is
that of the best alternative, and nDCG, RR and Success take any alternative's documents as relevant.

The app reads kept measurements without ir_measures (the extra `eval`), so it is imported where something is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

STANDARD = {"ndcg@10": "nDCG@10", "rr@10": "RR@10", "success@1": "Success@1", "success@5": "Success@5"}
"""ir_measures' names of the measures."""


def document_ranking(document_ids: Sequence[str]) -> list[str]:
    """Return document ids in the order of their best passage, each once."""
    return list(dict.fromkeys(document_ids))


def standard(ranking: Sequence[str], relevant: frozenset[str]) -> dict[str, float]:
    """Return nDCG@10, RR@10 and Success@1/5 of a ranking of distinct documents."""
    values = _calculate(list(STANDARD.values()), ranking, relevant)
    return {name: values[measure] for name, measure in STANDARD.items()}


def recall(ranking: Sequence[str], alternatives: Sequence[frozenset[str]], k: int) -> float:
    """Return the recall at `k` documents of the best alternative."""
    return max(_calculate([f"R@{k}"], ranking, alternative)[f"R@{k}"] for alternative in alternatives)


def all_gold(ranking: Sequence[str], alternatives: Sequence[frozenset[str]], k: int) -> float:
    """Return 1 if all documents of some alternative are among the first `k`, else 0."""
    return float(recall(ranking, alternatives, k) == 1.0)


def r_precision(ranking: Sequence[str], relevant: frozenset[str]) -> float:
    """Return the precision at as many documents as are relevant."""
    return _calculate(["Rprec"], ranking, relevant)["Rprec"]


def _calculate(measures: Sequence[str], ranking: Sequence[str], relevant: frozenset[str]) -> dict[str, float]:
    """Return measures of one query; an empty run, which the providers leave out, scores 0."""
    from ir_measures import Qrel, ScoredDoc, iter_calc, parse_measure

    if not ranking:
        return dict.fromkeys(measures, 0.0)
    qrels = [Qrel("q", document, 1) for document in sorted(relevant)]
    run = [ScoredDoc("q", document, -rank) for rank, document in enumerate(ranking)]
    found = iter_calc([parse_measure(measure) for measure in measures], qrels, run)
    return {str(metric.measure): float(metric.value) for metric in found}

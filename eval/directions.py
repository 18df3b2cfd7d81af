"""Retrieval by direction: questions in one language searched among the texts of one language.

What a list finds by itself, and what both find together, is measured and fitted here: each question's
lists are taken from the knowledge base once, and fused under as many weights as are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eval import retrieval_metrics
from eval.gold import alternatives, relevant_documents
from eval.rows import Row
from kb.knowledge_base import KnowledgeBase
from kb.records import Progress, no_progress
from kb.retrieval.fusion import LanguageList, fuse
from kb.vocabulary import LANGUAGE_ALIASES

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEPTH = 10
STAGES: Mapping[str, float | None] = {"lexical": 0.0, "dense": 1.0, "fused": None}
"""The dense list's share at each stage; None leaves that of weights.json for the model: the fitted one
of the bundled model, the cautious one of models that were trained with documents held out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what each language's texts say of all passages, and the place of each passage's document."""

    row: Row
    language: str
    ids: tuple[str, ...]
    documents: NDArray[np.int64]
    lists: Mapping[str, LanguageList]

    def ranking(self, lists: Sequence[LanguageList]) -> list[str]:
        """Return the ten best documents, each by its best passage, under these lists."""
        starts = np.flatnonzero(np.r_[True, np.diff(self.documents) > 0])
        best = np.maximum.reduceat(fuse(list(lists)), starts)
        order = np.argsort(-best, kind="stable")[:DEPTH]
        return [self.ids[self.documents[starts[place]]] for place in order if best[place] > -np.inf]


def plain_rows(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that retrieval can be measured on: with gold, in one turn, without planted slips."""
    asked = (row for row in rows if row.family.gold and not row.family.plant)
    return [row for row in asked if len(row.turns) == 1 and row.variant != "typo"]


def ask(kb: KnowledgeBase, rows: Sequence[Row], progress: Progress = no_progress) -> list[Asked]:
    """Return the lists of each row's question."""
    asked = []
    for done, row in enumerate(rows, 1):
        language = LANGUAGE_ALIASES.get(row.language, row.language)
        passages, lists = kb.lists(row.turns[0], language)
        asked.append(Asked(row, language, passages.ids, passages.documents, lists))
        progress("questions", done, len(rows))
    return asked


def alone(asked: Asked, language: str, dense_share: float | None) -> list[str]:
    """Return the ranking by the texts of one language alone."""
    each = asked.lists[language]
    return asked.ranking([each if dense_share is None else replace(each, dense_share=dense_share)])


def ndcg(row: Row, ranking: Sequence[str]) -> float:
    """Return nDCG@10 over the documents of any alternative."""
    return retrieval_metrics.standard(ranking, relevant_documents(row.family))["ndcg@10"]


def recall_at_5(row: Row, ranking: Sequence[str]) -> float:
    """Return the recall at five documents of the best alternative."""
    return retrieval_metrics.recall(ranking, alternatives(row.family), 5)


@dataclass(frozen=True, slots=True)
class Direction:
    """Scores of questions in one language among texts of one language, by stage; arrays have shape (questions,)."""

    asked_in: str
    language: str
    families: tuple[str, ...]
    recall: Mapping[str, NDArray[np.float64]]
    ndcg: Mapping[str, NDArray[np.float64]]


def measure(asked: Sequence[Asked], asked_in: str, language: str) -> Direction:
    """Return what each stage finds in one direction."""
    own = [each for each in asked if each.language == asked_in]
    rankings = {stage: [(e.row, alone(e, language, share)) for e in own] for stage, share in STAGES.items()}
    return Direction(
        asked_in,
        language,
        tuple(each.row.family.id for each in own),
        {stage: np.array([recall_at_5(*each) for each in found]) for stage, found in rankings.items()},
        {stage: np.array([ndcg(*each) for each in found]) for stage, found in rankings.items()},
    )

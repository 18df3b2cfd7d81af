"""Fitting the weights of fusion on the unlocked questions.

First the dense list's share, for each language of question and text by itself: of the shares 0, .1 … 1 the
one with the best nDCG@10, where half the weight lies on the mean over all directions of the same kind, since
one direction alone has few questions. Then how much a document's texts in other languages count beside the
one in the question's own. Of equal values the smaller is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from eval.directions import Asked, alone, ndcg
from kb.records import Progress, no_progress
from kb.retrieval.weights import Weights
from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARES = tuple(round(0.1 * step, 1) for step in range(11))
TEXT_SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)


def kind_of(asked_in: str, language: str) -> str:
    """Return how two languages stand to each other: the same, neighbours (da, nb, sv), or across (with English)."""
    if asked_in == language:
        return "same"
    return "across" if "en" in (asked_in, language) else "neighbours"


def fit(asked: Sequence[Asked], progress: Progress = no_progress) -> Weights:
    """Return the weights that rank the questions' documents best."""
    dense = _dense_shares(asked, progress)
    weighted = [_with_dense(each, dense) for each in asked]
    grid = list(product(TEXT_SHARES, TEXT_SHARES))
    means: list[tuple[float, float]] = []
    for done, (near, across) in enumerate(grid, 1):
        texts = _texts(near, across)
        scores = [ndcg(each.row, _together(each, texts)) for each in weighted]
        nordic = [score for each, score in zip(weighted, scores, strict=True) if each.language != "en"]
        english = [score for each, score in zip(weighted, scores, strict=True) if each.language == "en"]
        means.append((float(np.mean(nordic or [0.0])), float(np.mean(english or [0.0]))))
        progress("texts", done, len(grid))
    near, across = grid[int(np.argmax([round(nordic, 6) for nordic, _ in means]))]
    _, english_across = grid[int(np.argmax([round(english, 6) for _, english in means]))]
    texts = _texts(near, across)
    return Weights(dense, {**texts, "en": _texts(near, english_across)["en"]})


def _texts(near: float, across: float) -> dict[str, dict[str, float]]:
    shares = {"same": 1.0, "neighbours": near, "across": across}
    return {asked: {language: shares[kind_of(asked, language)] for language in LANGUAGES} for asked in LANGUAGES}


def _dense_shares(asked: Sequence[Asked], progress: Progress) -> dict[str, dict[str, float]]:
    curves: dict[tuple[str, str], NDArray[np.float64]] = {}
    for done, (asked_in, language) in enumerate(product(LANGUAGES, LANGUAGES), 1):
        own = [each for each in asked if each.language == asked_in]
        curves[asked_in, language] = np.array(
            [np.mean([ndcg(each.row, alone(each, language, share)) for each in own] or [0.0]) for share in SHARES]
        )
        progress("directions", done, len(LANGUAGES) ** 2)
    return {
        asked_in: {language: _best_share(curves, asked_in, language) for language in LANGUAGES}
        for asked_in in LANGUAGES
    }


def _best_share(curves: Mapping[tuple[str, str], NDArray[np.float64]], asked_in: str, language: str) -> float:
    kind = kind_of(asked_in, language)
    alike = np.mean([curve for pair, curve in curves.items() if kind_of(*pair) == kind], axis=0)
    return SHARES[int(np.argmax((curves[asked_in, language] + alike).round(6)))]


def _with_dense(asked: Asked, dense: Mapping[str, Mapping[str, float]]) -> Asked:
    row = dense[asked.language]
    return replace(asked, lists={code: replace(each, dense_share=row[code]) for code, each in asked.lists.items()})


def _together(asked: Asked, texts: Mapping[str, Mapping[str, float]]) -> list[str]:
    row = texts[asked.language]
    return asked.ranking([replace(each, text_share=row[code]) for code, each in asked.lists.items() if row[code]])

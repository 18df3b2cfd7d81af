"""A document is found where one of its chunks is among the nearest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kb.models.static import StaticModel
from kb.training.corpus import HoldOut
from kb.training.evaluate import Evaluation, Figure, evaluate, pool
from tests.conftest import HashEmbedder
from tests.kb.training.texts import groups, whole


class Ranking(HashEmbedder):
    """Puts the documents in the order of their numbers, whatever is asked."""

    def embed(self, texts):
        order = {group[0].title: number for number, group in enumerate(groups())}
        return np.array([[1 - order[text.split("\n")[0]] / 10] for text in texts], dtype=np.float32)

    def embed_question(self, question):
        return np.ones(1, dtype=np.float32)


def test_recall_and_reciprocal_rank_count_the_documents_before_the_right_one():
    (figure,) = evaluate(Ranking(), groups(), whole).figures
    expected = np.mean([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6])
    assert figure == Figure("en", "en", round(5 / 6, 4), round(float(expected), 4))


def test_a_document_counts_as_its_nearest_chunk():
    def twice(group):
        return [(replace(chunk, text="far from it"), chunk) for (chunk,) in whole(group)]

    assert evaluate(HashEmbedder(), groups(), twice).figures[0].reciprocal_rank == 1.0


def test_only_held_out_documents_are_asked_for_among_all():
    held = evaluate(HashEmbedder(), groups(), whole, HoldOut(0, 2))
    assert 0 < held.held_out < held.documents == 6
    assert held.count == 2 * held.held_out


def test_every_language_that_is_read_is_asked_in_every_other(trained):
    found = evaluate(StaticModel(trained), groups(), whole)
    assert len({(figure.questions, figure.texts) for figure in found.figures}) == 16
    assert found.mean_recall(across=True) == pytest.approx(1.0)


def test_a_model_of_one_language_has_no_mean_across():
    found = Evaluation("m", 1, 1, 1, (Figure("en", "en", 0.5, 0.5),))
    assert (found.mean_recall(across=False), found.mean_recall(across=True)) == (0.5, None)


def test_scores_on_different_documents_are_pooled_by_their_questions():
    def scored(count, recall):
        return Evaluation("m", 9, count, count, (Figure("en", "en", recall, recall / 2),))

    pooled = pool("both", [scored(1, 1.0), scored(3, 0.6)])
    assert pooled == Evaluation("both", 9, 4, 4, (Figure("en", "en", 0.7, 0.35),))

"""Candidates are ranked by a weighted sum of their features, made a share of all; ties keep their order."""

from __future__ import annotations

import json
from math import exp

import numpy as np
import pytest

from kb.answering import ranking
from kb.answering.candidates import FEATURES
from kb.answering.ranking import FILE, Ranked, block_weights, rank, stored_weights, weights_fingerprint
from kb.answering.support import SUPPORT_FEATURES
from kb.fingerprint import digest
from tests.conftest import ROOT
from tests.kb.answering.texts import candidate, document_of, read_of

READ = read_of(document_of("One.\n\nTwo.\n\nThree."))


@pytest.fixture(autouse=True)
def weights(monkeypatch):
    """Weigh coverage 2 and length -1, and nothing else."""
    given = {"covered": 2.0, "length": -1.0}
    monkeypatch.setattr(ranking, "block_weights", lambda: np.array([given.get(name, 0.0) for name in FEATURES]))


def candidates(*features: dict[str, float]):
    return [candidate(READ, number, given) for number, given in enumerate(features)]


def ranks(ranked: list[Ranked]) -> list[int]:
    return [each.candidate.block.number for each in ranked]


def test_of_no_candidates_none_is_ranked():
    assert rank([]) == []


def test_a_single_candidate_has_all_of_the_weight():
    (only,) = candidates({"covered": 0.3})
    assert rank([only]) == [Ranked(only, 1.0)]


def test_the_candidate_with_the_highest_weighted_sum_comes_first():
    assert ranks(rank(candidates({"covered": 0.5}, {"covered": 1.0, "length": 0.5}, {"length": 0.1}))) == [1, 0, 2]


def test_shares_are_a_softmax_of_the_sums():
    total = exp(1.0) + exp(0.0) + exp(-1.0)
    found = rank(candidates({"covered": 0.5}, {"cosine": 9.0}, {"length": 1.0}))
    assert [each.share for each in found] == [round(exp(score) / total, 9) for score in (1.0, 0.0, -1.0)]


def test_of_candidates_with_the_same_share_the_first_stays_first():
    assert ranks(rank(candidates({}, {"covered": 0.5}, {"covered": 1.0, "length": 1.0}))) == [1, 2, 0]
    assert ranks(rank(candidates(*[{}] * 3))) == [0, 1, 2]


def test_sums_far_apart_make_shares_of_one_and_nothing():
    found = rank(candidates({"length": 1e6}, {"covered": 1e6}))
    assert (ranks(found), [each.share for each in found]) == ([1, 0], [1.0, 0.0])


@pytest.mark.parametrize(
    ("weight", "order"),
    [(-0.5, [1, 0, 2]), (-0.25, [0, 1, 2]), (0.0, [0, 1, 2]), (0.5, [0, 2, 1]), (1.0, [2, 0, 1])],
    ids=["much-less", "less", "nothing", "more", "as-much"],
)
def test_what_blocks_score_on_another_question_counts_against_them_or_for_them(weight, order):
    own = candidates({"covered": 1.0}, {"covered": 0.75}, {"covered": 0.7})
    others = candidates({"covered": 0.8}, {"covered": 0.0}, {"covered": 1.4})
    assert ranks(rank(own, others, weight)) == order


def test_without_another_question_its_weight_is_nothing():
    own = candidates({"covered": 1.0}, {"covered": 0.75})
    assert rank(own, (), 5.0) == rank(own)


def test_shares_are_of_the_scores_on_both_questions():
    found = rank(candidates({"covered": 1.0}, {}), candidates({"length": 1.0}, {}), 0.5)
    assert [each.share for each in found] == [round(1 / (1 + exp(-1.5)), 9), round(1 / (1 + exp(1.5)), 9)]


def test_ranking_leaves_the_features_as_they_are():
    now, before = candidates({"covered": 1.0}), candidates({"covered": 0.5})
    rank(now, before, -0.5)
    assert (now[0]["covered"], before[0]["covered"]) == (1.0, 0.5)


def test_every_feature_has_a_weight_and_every_weight_a_feature():
    given = stored_weights()
    support = ("support", "support by words", "support of texts alone", "support of texts alone by words")
    assert set(given) == {"blocks", *support}
    assert set(given["blocks"]) == set(FEATURES)
    assert all(set(given[name]) == {*SUPPORT_FEATURES, "constant"} for name in support)


def test_weights_are_numbers_in_the_order_of_the_features(monkeypatch):
    monkeypatch.setattr(ranking, "stored_weights", lambda: {"blocks": {name: n for n, name in enumerate(FEATURES)}})
    assert block_weights().tolist() == list(range(len(FEATURES)))


def test_the_fingerprint_is_of_all_weights(monkeypatch):
    kept = json.loads((ROOT / "kb" / "answering" / FILE).read_text(encoding="utf-8"))
    assert (stored_weights(), weights_fingerprint()) == (kept, digest(kept))
    monkeypatch.setattr(ranking, "stored_weights", lambda: {**kept, "support": {}})
    assert weights_fingerprint() == digest({**kept, "support": {}}) != digest(kept)

"""Scores are standardised over all chunks, those that do not match included, and averaged over languages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.retrieval.fusion import LanguageList, fuse, sparse_z


@given(
    scores=st.lists(st.floats(0.01, 50), min_size=1, max_size=20),
    unmatched=st.integers(1, 200),
)
@settings(derandomize=True, max_examples=100, deadline=None)
def test_z_scores_are_those_of_the_full_vector_with_zeros(scores, unmatched):
    full = np.array([*scores, *[0.0] * unmatched])
    matched, rest = sparse_z(np.array(scores), len(full))
    expected = (full - full.mean()) / full.std()
    assert [*matched, rest] == pytest.approx(expected[: len(scores) + 1], abs=1e-9)


@pytest.mark.parametrize(
    ("scores", "total", "expected"),
    [([], 10, ([], 0.0)), ([], 0, ([], 0.0)), ([2.0, 2.0], 2, ([0.0, 0.0], 0.0)), ([3.0, 1.0], 2, ([1.0, -1.0], -2.0))],
    ids=["no-match", "no-chunks", "all-alike", "all-match"],
)
def test_z_scores_at_the_edges(scores, total, expected):
    matched, rest = sparse_z(np.array(scores), total)
    assert (matched.tolist(), rest) == expected


def one(
    lexical: list[float],
    dense: list[float] | None = None,
    *,
    present: list[bool] | None = None,
    dense_share: float = 0.5,
    text_share: float = 1.0,
) -> LanguageList:
    """Return what one language's texts say of as many passages."""
    return LanguageList(
        np.array(present or [True] * len(lexical)),
        np.array(lexical),
        None if dense is None else np.array(dense),
        dense_share,
        text_share,
    )


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, [1.0, 2.0]), (0.25, [1.5, 1.5]), (0.5, [2.0, 1.0]), (1.0, [3.0, 0.0])],
)
def test_the_share_is_that_of_the_dense_list(share, expected):
    assert fuse([one([1.0, 2.0], [3.0, 0.0], dense_share=share)]).tolist() == expected


def test_without_a_dense_list_the_lexical_one_stands():
    assert fuse([one([1.0, 2.0], dense_share=0.9)]).tolist() == [1.0, 2.0]


def test_a_passage_in_several_languages_has_the_mean_weighted_by_how_much_each_says():
    assert fuse([one([1.0, 4.0]), one([3.0, 0.0], text_share=3.0)]).tolist() == [2.5, 1.0]


def test_the_mean_is_over_the_languages_in_which_a_passage_stands():
    own = one([1.0, 4.0, 5.0], present=[True, True, False])
    other = one([3.0, 9.0, 7.0], present=[True, False, True], text_share=0.25)
    assert fuse([own, other]).tolist() == [1.4, 4.0, 7.0]


def test_what_stands_in_no_language_comes_last_of_all():
    lists = [one([-9.0, 1.0, 0.0], present=[True, False, False]), one([0.0, 2.0, 0.0], present=[False, False, True])]
    assert fuse(lists).tolist() == [-9.0, -np.inf, 0.0]


@given(shares=st.lists(st.floats(0.001, 10), min_size=1, max_size=4), score=st.floats(-5, 5))
@settings(derandomize=True, max_examples=50, deadline=None)
def test_how_many_languages_a_passage_stands_in_does_not_raise_its_score(shares, score):
    fused = fuse([one([score], text_share=share) for share in shares])
    assert fused == pytest.approx([score], abs=1e-9)

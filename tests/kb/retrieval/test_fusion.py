"""Scores are standardised over all chunks, those that do not match included, and then added."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.retrieval.fusion import fuse, sparse_z


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


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(0.0, [1.0, 2.0]), (0.25, [1.5, 1.5]), (0.5, [2.0, 1.0]), (1.0, [3.0, 0.0])],
)
def test_the_weight_is_the_share_of_the_dense_list(weight, expected):
    assert fuse(np.array([1.0, 2.0]), np.array([3.0, 0.0]), weight).tolist() == expected


def test_without_a_dense_list_the_lexical_one_stands():
    assert fuse(np.array([1.0, 2.0]), None, 0.5).tolist() == [1.0, 2.0]

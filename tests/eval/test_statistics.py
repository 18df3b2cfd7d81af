"""The bootstrap on values whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from eval.statistics import Value, estimate, paired


def test_equal_values_have_no_interval():
    got = estimate([Value(f"f{n}", "t", 0.5) for n in range(20)])
    assert (got.mean, got.low, got.high, got.error, got.count) == (0.5, 0.5, 0.5, 0.0, 20)


def test_the_interval_of_coin_flips_is_the_normal_one():
    chance = np.random.default_rng(1)
    values = [Value(f"f{n}", "t", float(chance.random() < 0.5)) for n in range(400)]
    got = estimate(values)
    assert got.error == pytest.approx(0.025, abs=0.002)
    assert got.high - got.low == pytest.approx(2 * 1.96 * 0.025, abs=0.01)


def test_questions_of_one_family_do_not_narrow_the_interval():
    chance = np.random.default_rng(2)
    flips = [float(chance.random() < 0.5) for _ in range(50)]
    alone = estimate([Value(f"f{n}", "t", flip) for n, flip in enumerate(flips)])
    four_times = estimate([Value(f"f{n}", "t", flip) for n, flip in enumerate(flips) for _ in range(4)])
    assert four_times.error == pytest.approx(alone.error, rel=0.01)


def test_types_are_drawn_separately():
    values = [Value(f"a{n}", "all right", 1.0) for n in range(30)] + [
        Value(f"b{n}", "all wrong", 0.0) for n in range(30)
    ]
    assert estimate(values).error == 0.0


def test_groups_count_equally_whatever_their_size():
    values = [Value(f"a{n}", "a", 1.0, "many") for n in range(90)] + [
        Value(f"b{n}", "b", 0.0, "few") for n in range(10)
    ]
    assert estimate(values).mean == 0.5


def test_two_runs_draw_the_same():
    values = [Value(f"f{n}", "t", n % 3 / 2) for n in range(40)]
    assert estimate(values) == estimate(values)


def test_differences_are_of_the_questions_that_both_have():
    new = {"a": Value("a", "t", 1.0), "b": Value("b", "t", 0.5), "new": Value("n", "t", 1.0)}
    old = {"a": Value("a", "t", 0.5), "b": Value("b", "t", 0.5), "gone": Value("g", "t", 1.0)}
    assert paired(new, old) == [Value("a", "t", 0.5), Value("b", "t", 0.0)]


def test_nothing_cannot_be_estimated():
    with pytest.raises(ValueError, match="no values"):
        estimate([])

"""Figures of a text are compared by their digits."""

from __future__ import annotations

from collections import Counter

import pytest

from kb.check import figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,500 people", {"12500": 1}),
        ("12 500 personer", {"12500": 1}),
        ("12\u00a0500 personer", {"12500": 1}),
        ("12.500 personer", {"12500": 1}),
        ("3.5 and 3,5", {"35": 2}),
        ("from 2016 to 2018", {"2016": 1, "2018": 1}),
        ("COVID-19 and 19 others", {"19": 1}),
        ("2016-2018", {"2016": 1, "2018": 1}),
        ("no figure", {}),
    ],
    ids=["comma", "blank", "hard-blank", "point", "decimals", "years", "name", "span", "none"],
)
def test_figures_are_compared_without_their_signs(text, expected):
    assert figures(text) == Counter(expected)

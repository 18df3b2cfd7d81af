"""What a visitor looks at among the cases, as the address of the page tells it."""

from __future__ import annotations

import pytest

from app.case_link import Look, read, written
from app.cases import CASES_ALONE, Narrowing
from kb.retrieval.filters import Filters

OPTIONS = {"kind": ("report", "case"), "country": ("DK", "NO", "SE"), "sector": ("home-care",), "evidence": ("policy",)}
YEARS = (2009, 2025)
KNOWN = ("one", "two")
LOOKS = {
    "bare": (Look(), {}),
    "text": (Look(text='"to hænder" & #?'), {"q": ['"to hænder" & #?']}),
    "view-and-list": (Look(view="shortlist", listed=("two", "one")), {"view": ["shortlist"], "list": ["two", "one"]}),
    "any-kind": (Look(narrowing=Narrowing()), {"kind": ["any"]}),
    "years": (
        Look(narrowing=Narrowing(Filters({"kind": ("case",)}, 2012, 2020))),
        {"from": ["2012"], "to": ["2020"]},
    ),
    "facets": (
        Look(narrowing=Narrowing(Filters({"kind": ("report",), "country": ("NO", "SE")}))),
        {"kind": ["report"], "country": ["NO", "SE"]},
    ),
    "left-out": (
        Look(narrowing=Narrowing(Filters({"kind": ("case",), "evidence": ("policy",)}), {"country": ("DK",)})),
        {"country": ["DK"], "evidence": ["policy"], "not": ["country"]},
    ),
    "no-cases": (Look(narrowing=Narrowing(unwanted={"kind": ("case",)})), {"kind": ["case"], "not": ["kind"]}),
}


@pytest.mark.parametrize(("look", "parts"), LOOKS.values(), ids=LOOKS)
def test_what_is_written_is_read_again(look, parts):
    assert written(look) == parts
    assert read(parts, OPTIONS, YEARS, KNOWN) == look


@pytest.mark.parametrize(
    "parts",
    [
        {"country": ["XX", "<script>", ""]},
        {"not": ["country", "nonsense", "q"]},
        {"from": ["1900"], "to": ["20x5"]},
        {"from": ["2020"], "to": ["2010"]},
        {"from": ["２０２０"]},
        {"view": ["else"], "list": ["three", "three"]},
        {"sort": ["year"], "document": ["one"]},
        {"q": [], "view": []},
    ],
    ids=str,
)
def test_bad_values_are_passed_over(parts):
    assert read(parts, OPTIONS, YEARS, KNOWN) == Look(narrowing=CASES_ALONE)


def test_of_good_and_bad_values_the_good_ones_hold():
    look = read({"country": ["XX", "SE", "SE"], "list": ["two", "x", "two", "one"]}, OPTIONS, YEARS, KNOWN)
    assert look.narrowing.wanted.values == {"kind": ("case",), "country": ("SE",)}
    assert look.listed == ("two", "one")

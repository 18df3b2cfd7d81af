"""Filters say which documents a search looks at, and what there is to choose from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.errors import FilterError
from kb.retrieval.filters import ALLOWED, NO_FILTERS, Entry, Filters, parse_filters

ENTRY = Entry(
    key=1,
    id="dk-a-case",
    language="da",
    title="En sag",
    kind="case",
    country="DK",
    sectors=("schools", "health"),
    themes=("autonomy",),
    year=2016,
    evidence="experience",
    stance="mixed",
    origin="shipped",
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, Filters()),
        ({"country": "DK"}, Filters({"country": ("DK",)})),
        ({"country": ["DK", "NO"]}, Filters({"country": ("DK", "NO")})),
        ({"country": ("DK", "dk", " Dk ")}, Filters({"country": ("DK",)})),
        ({"country": "nordic"}, Filters({"country": ("Nordic",)})),
        ({"kind": "CASE", "stance": "Critical"}, Filters({"kind": ("case",), "stance": ("critical",)})),
        ({"kind": "unknown"}, Filters({"kind": ("unknown",)})),
        ({"language": ["no", "NN", "fi"]}, Filters({"language": ("nb", "fi")})),
        ({"country": None, "kind": [], "theme": (), "year": None}, Filters()),
        ({"year": 2016}, Filters({}, 2016, 2016)),
        ({"year": "2016"}, Filters({}, 2016, 2016)),
        ({"year": {"from": 2015, "to": 2017}}, Filters({}, 2015, 2017)),
        ({"year": {"from": " 2015 "}}, Filters({}, 2015, None)),
        ({"year": {"from": None, "to": 2017}}, Filters({}, None, 2017)),
        ({"year": {}}, Filters()),
    ],
    ids=[
        "none",
        "single-value",
        "list",
        "same-value-in-other-letters",
        "letter-case",
        "several-filters",
        "ungraded",
        "languages",
        "empty-ones",
        "year",
        "year-as-text",
        "years",
        "from",
        "to",
        "no-years",
    ],
)
def test_filters_are_read_as_they_are_meant(raw, expected):
    assert parse_filters(raw) == expected


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (
            {"colour": "red"},
            "There is no filter 'colour'. "
            "There are: kind, country, sector, theme, evidence, stance, language, document, year.",
        ),
        (
            {"country": "DE"},
            "The filter 'country' has no value 'DE'. It has: DK, NO, SE, FI, IS, GB, NL, Nordic, INT.",
        ),
        (
            {"kind": ["case", "story"]},
            "The filter 'kind' has no value 'story'. It has: report, agreement, principle, case, unknown.",
        ),
        ({"stance": ""}, "The filter 'stance' has no value ''. It has: supportive, mixed, critical, unknown."),
        ({"language": "Danish"}, "The filter 'language' has no value 'Danish'. It has: en, da, nb, sv."),
        ({"sector": 3}, "The filter 'sector' must be a list of values."),
        ({"document": 3}, "The filter 'document' must be a list of values."),
        ({"sector": {"schools": True}}, "The filter 'sector' must be a list of values."),
        ({"year": "soon"}, "The filter 'year' takes years of four digits, not 'soon'."),
        ({"year": 16}, "The filter 'year' takes years of four digits, not '16'."),
        ({"year": True}, "The filter 'year' takes years of four digits, not 'True'."),
        ({"year": [2016]}, "The filter 'year' takes years of four digits, not '[2016]'."),
        ({"year": {"since": 2016}}, "The filter 'year' takes 'from' and 'to'."),
        ({"year": {"from": 2017, "to": 2015}}, "The filter 'year' ends (2015) before it begins (2017)."),
    ],
    ids=[
        "filter",
        "country",
        "one-of-two",
        "empty-text",
        "language",
        "number",
        "document",
        "mapping",
        "year-a-word",
        "year-of-two-digits",
        "year-a-truth",
        "year-a-list",
        "year-key",
        "years-reversed",
    ],
)
def test_what_does_not_exist_is_told_with_what_does(raw, sentence):
    with pytest.raises(FilterError) as caught:
        parse_filters(raw)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name", [*ALLOWED])
def test_every_value_of_a_filter_can_be_asked_for_in_any_case(name):
    for value in ALLOWED[name]:
        assert parse_filters({name: value.upper()}) == parse_filters({name: value}) == Filters({name: (value,)})


@pytest.mark.parametrize(
    ("raw", "passes"),
    [
        ({}, True),
        ({"kind": "case"}, True),
        ({"kind": "report"}, False),
        ({"kind": ["report", "case"]}, True),
        ({"country": "DK"}, True),
        ({"country": "NO"}, False),
        ({"sector": "health"}, True),
        ({"sector": ["police", "tax"]}, False),
        ({"theme": "autonomy"}, True),
        ({"theme": "dialogue"}, False),
        ({"evidence": "experience"}, True),
        ({"evidence": "research"}, False),
        ({"stance": "mixed"}, True),
        ({"stance": "critical"}, False),
        ({"language": "da"}, True),
        ({"language": "no"}, False),
        ({"document": "dk-a-case"}, True),
        ({"document": ["dk-another", " DK-a-case"]}, True),
        ({"document": "dk-another"}, False),
        ({"year": 2016}, True),
        ({"year": 2017}, False),
        ({"year": {"from": 2016}}, True),
        ({"year": {"from": 2017}}, False),
        ({"year": {"to": 2016}}, True),
        ({"year": {"to": 2015}}, False),
        ({"kind": "case", "country": "DK", "year": 2016}, True),
        ({"kind": "case", "country": "NO", "year": 2016}, False),
    ],
)
def test_a_text_passes_that_has_a_value_of_each_filter(raw, passes):
    assert parse_filters(raw).match(ENTRY) == passes


@pytest.mark.parametrize("raw", [{"year": 2016}, {"year": {"from": 1900}}, {"year": {"to": 2100}}])
def test_a_text_without_a_year_passes_no_filter_on_years(raw):
    assert not parse_filters(raw).match(replace(ENTRY, year=None))


def test_a_text_without_a_country_passes_no_filter_on_countries():
    assert not parse_filters({"country": ALLOWED["country"]}).match(replace(ENTRY, country=None))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (NO_FILTERS, False),
        (Filters({"kind": ("case",)}), True),
        (Filters({}, 2016), True),
        (Filters({}, None, 2016), True),
    ],
    ids=["none", "value", "from", "to"],
)
def test_filters_are_true_where_any_is_set(filters, expected):
    assert bool(filters) == expected

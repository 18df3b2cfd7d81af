"""The cases as plain data: sections, facets with counts, order, places to open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.cases import (
    CARD_WORDS,
    Case,
    citation_at,
    current_cases,
    facet_counts,
    facet_values,
    narrowed,
    ordered,
)
from kb.answering.quoting import count_words
from kb.blocks import parse_blocks
from kb.retrieval.filters import Filters

BORNHOLM, TOMELILLA, BUURTZORG, DESERVED, REFORM, TIMBRO = (
    "dk-bornholm-mowing-by-result",
    "se-tomelilla-trust-based-governance",
    "int-nl-buurtzorg",
    "no-principle-trust-must-be-deserved",
    "dk-elder-care-reform-2024",
    "se-timbro-npm-research-review",
)


@pytest.fixture
def cases(small_kb):
    return current_cases(small_kb, "en")


def titled(case: Case, title: str, **fields: object) -> Case:
    return replace(case, document=replace(case.document, title=title, **fields))


def test_every_document_is_a_case_in_the_visitors_language(small_kb, cases):
    assert set(cases) == {BORNHOLM, TOMELILLA, BUURTZORG, DESERVED, REFORM, TIMBRO}
    assert {case.document.language for case in current_cases(small_kb, "sv").values()} == {"sv"}


def test_they_are_read_once_while_nothing_changes(small_kb, cases):
    assert current_cases(small_kb, "en") is cases
    assert current_cases(small_kb, "da") is not cases


def test_sections_stand_by_their_role_in_every_language(small_kb):
    for language, begins in {
        "en": "The fixed rhythm of mowing was dropped.",
        "da": "Den faste klipperytme blev",
    }.items():
        case = current_cases(small_kb, language)[BORNHOLM]
        assert list(case.sections) == ["opening", "situation", "change", "result", "reason", "caveat"]
        assert case.text(case.sections["change"]).startswith(begins)


def test_a_section_that_is_a_list_keeps_its_signs(cases):
    case = cases[DESERVED]
    assert case.text(case.sections["asks"]).startswith("- Ask whether a person")


def test_a_section_begins_with_whole_sentences_up_to_a_length(cases):
    case = cases[BORNHOLM]
    assert case.text(case.brief("change")) == case.text(case.sections["change"])
    long = cases[REFORM]
    assert long.text(long.brief("agreed")).endswith("relatives, local communities and civil society.")
    assert count_words(long.text(long.brief("agreed"))) <= CARD_WORDS


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        (BORNHOLM, ["change", "result"]),
        (TIMBRO, ["method", "finding"]),
        (REFORM, ["parties", "agreed"]),
        (DESERVED, ["principle", "asks"]),
    ],
    ids=["case", "report", "agreement", "principle"],
)
def test_a_card_tells_what_fits_the_kind(cases, name, roles):
    assert cases[name].on_card() == roles


def test_a_document_without_our_sections_is_told_by_its_opening(cases):
    text = "# Airships\n\nThe town has two airships.\n\n## Costs\n\nThey cost little.\n"
    document = replace(cases[BORNHOLM].document, title="Airships", text=text, kind="unknown")
    blocks = parse_blocks(text)
    case = replace(cases[BORNHOLM], document=document, blocks=blocks, sections={"opening": (12, 38)})
    assert case.on_card() == ["opening"]
    assert case.text(case.brief("opening")) == "The town has two airships."


def test_a_facet_counts_among_those_that_pass_the_other_filters(cases):
    everything = list(cases.values())
    assert facet_counts(everything, Filters())["kind"] == {"case": 3, "principle": 1, "agreement": 1, "report": 1}
    counts = facet_counts(everything, Filters({"kind": ("case",), "country": ("DK",)}))
    assert counts["kind"] == {"case": 1, "agreement": 1}
    assert counts["country"] == {"DK": 1, "SE": 1, "NL": 1}
    assert counts["sector"] == {"parks-and-roads": 1}
    assert facet_counts(everything, Filters(year_from=2020))["country"] == {"DK": 1, "SE": 2}


def test_filters_leave_the_cases_that_pass_all_of_them(cases):
    passing = narrowed(cases.values(), Filters({"country": ("DK", "NO"), "kind": ("case", "principle")}))
    assert [case.id for case in passing] == [BORNHOLM, DESERVED]
    assert [case.id for case in narrowed(cases.values(), Filters(year_to=2016))] == [BORNHOLM, BUURTZORG]


def test_values_of_many_cases_come_first(cases):
    values = facet_values(cases.values())
    assert values["kind"] == ["report", "agreement", "principle", "case"]
    assert set(values["country"][:2]) == {"DK", "SE"}
    assert set(values["country"][2:]) == {"NO", "NL"}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("year", [REFORM, TIMBRO, TOMELILLA, BORNHOLM, BUURTZORG, DESERVED]),
        ("title", [BUURTZORG, TIMBRO, BORNHOLM, TOMELILLA, REFORM, DESERVED]),
        ("country", [REFORM, BORNHOLM, BUURTZORG, DESERVED, TIMBRO, TOMELILLA]),
        ("relevance", [DESERVED, BUURTZORG, REFORM, TIMBRO, TOMELILLA, BORNHOLM]),
    ],
    ids=str,
)
def test_cases_are_ordered(cases, order, expected):
    scores = {DESERVED: 3.0, BUURTZORG: 2.0}
    assert [case.id for case in ordered(cases.values(), order, "en", scores)] == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("da", ["Apple", "“Zoo”", "Æble", "Øre", "Ål"]), ("sv", ["Apple", "“Zoo”", "Ål", "Äpple", "Öre"])],
)
def test_titles_are_ordered_as_the_language_does(cases, language, expected):
    shuffled = [titled(cases[BORNHOLM], title) for title in sorted(expected)]
    assert [case.document.title for case in ordered(shuffled, "title", language, {})] == expected


def test_a_document_opens_at_its_beginning_with_nothing_marked(cases):
    citation = citation_at(cases[BORNHOLM])
    assert (citation.quote, citation.start, citation.block_first, citation.block_last) == ("", 2, 0, 0)
    assert citation.sha256 == cases[BORNHOLM].document.sha256


def test_a_document_opens_at_a_section(cases):
    case = cases[BORNHOLM]
    citation = citation_at(case, case.sections["change"])
    assert citation.quote == case.text(case.sections["change"])
    assert [case.blocks[n].kind for n in range(citation.block_first, citation.block_last + 1)] == ["paragraph"]

"""The cases as plain data: sections, facets with counts, order, places to open."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from app.cases import (
    MOST_WORDS,
    Case,
    Narrowing,
    citation_at,
    current_cases,
    facet_counts,
    facet_values,
    narrowed,
    ordered,
)
from ingest.service import Workshop, build
from kb.answering.quoting import count_words
from kb.blocks import parse_blocks
from kb.retrieval.filters import Filters
from kb.vocabulary import LANGUAGES
from tests.app.casebook import BORNHOLM, BUURTZORG, DESERVED, REFORM, TIMBRO, TOMELILLA
from tests.conftest import HashEmbedder


def titled(case: Case, title: str, **fields: object) -> Case:
    return replace(case, document=replace(case.document, title=title, **fields))


def test_every_document_is_a_case_in_the_visitors_language(small_kb, cases):
    assert set(cases) == {BORNHOLM, TOMELILLA, BUURTZORG, DESERVED, REFORM, TIMBRO}
    assert {case.document.language for case in current_cases(small_kb, "sv").values()} == {"sv"}


def test_they_are_read_once_while_nothing_changes(small_kb, cases):
    assert current_cases(small_kb, "en") is cases
    assert current_cases(small_kb, "da") is not cases


def test_each_is_a_text_as_the_knowledge_base_has_it(small_kb):
    for language in LANGUAGES:
        for name, case in current_cases(small_kb, language).items():
            assert small_kb.document(name, language) == (case.document, case.blocks)
            assert case.entry in small_kb.entries()


def test_what_changed_is_read_anew_and_what_stands_in_one_language_once(
    small_kb, small_documents, quick_publish, tmp_path
):
    before = current_cases(small_kb, "sv")
    folder = tmp_path / "documents"
    shutil.copytree(small_documents, folder)
    (folder / "sv" / "case" / f"{BORNHOLM}.md").unlink()
    path = folder / "sv" / "case" / f"{TOMELILLA}.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nEn sista mening.\n", encoding="utf-8")
    build(Workshop(small_kb.data, HashEmbedder()), folder)
    after = current_cases(small_kb, "sv")
    assert not before[TOMELILLA].document.text.endswith("En sista mening.\n")
    assert after[TOMELILLA].document.text.endswith("En sista mening.\n")
    assert after[BORNHOLM] is current_cases(small_kb, "nb")[BORNHOLM]


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
    assert long.text(long.brief("agreed")).endswith("the elderly person's wishes and needs.")
    assert count_words(long.text(long.brief("agreed"))) <= MOST_WORDS


@pytest.mark.parametrize(
    ("lengths", "told"),
    [((10, 10, 10, 10), 4), ((30, 30, 10), 2), ((10, 30, 30), 2), ((30, 50), 1), ((80, 5), 1), ((40, 5, 5), 2)],
    ids=["short", "two-long", "third-too-long", "second-too-long", "first-too-long", "full"],
)
def test_a_card_tells_two_sentences_of_a_section_unless_they_are_long(cases, lengths, told):
    sentences = [" ".join(["Ord", *["ord"] * (count - 2), "slut."]) for count in lengths]
    text = "# T\n\n" + " ".join(sentences)
    document = replace(cases[BORNHOLM].document, text=text)
    case = replace(cases[BORNHOLM], document=document, blocks=parse_blocks(text), sections={"result": (5, len(text))})
    assert case.text(case.brief("result")) == " ".join(sentences[:told])


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
    assert facet_counts(everything, Narrowing())["kind"] == {"case": 3, "principle": 1, "agreement": 1, "report": 1}
    counts = facet_counts(everything, Narrowing(Filters({"kind": ("case",), "country": ("DK",)})))
    assert counts["kind"] == {"case": 1, "agreement": 1}
    assert counts["country"] == {"DK": 1, "SE": 1, "NL": 1}
    assert counts["sector"] == {"parks-and-roads": 1}
    assert facet_counts(everything, Narrowing(Filters(year_from=2020)))["country"] == {"DK": 1, "SE": 2}


def test_filters_leave_the_cases_that_pass_all_of_them(cases):
    chosen = Filters({"country": ("DK", "NO"), "kind": ("case", "principle")})
    passing = narrowed(cases.values(), Narrowing(chosen))
    assert [case.id for case in passing] == [BORNHOLM, DESERVED]
    assert [case.id for case in narrowed(cases.values(), Narrowing(Filters(year_to=2016)))] == [BORNHOLM, BUURTZORG]


def test_values_can_be_left_out(cases):
    left = Narrowing(Filters({"kind": ("case",)}), {"country": ("DK", "SE")})
    assert [case.id for case in narrowed(cases.values(), left)] == [BUURTZORG]
    assert facet_counts(list(cases.values()), left)["country"] == {"DK": 1, "SE": 1, "NL": 1}
    several = Narrowing(unwanted={"sector": cases[BUURTZORG].entry.sectors[:1]})
    assert BUURTZORG not in [case.id for case in narrowed(cases.values(), several)]


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

"""What the assistant says itself stands in every language."""

from __future__ import annotations

from typing import get_args

import pytest

from kb.answering import wording
from kb.answering.question import Want
from kb.answering.wording import label, notes, quoted_in, refusal_text, searched, source_mark, step, whose_words
from kb.vocabulary import EVIDENCES, LANGUAGES, UNKNOWN
from tests.kb.answering.texts import document_of


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "The knowledge base does not answer this. No document speaks of all of it together.\n\n"
            "Found: tillit, Oslo.\n\nNot found: cup.\n\nNearest: A; B.",
        ),
        (
            "da",
            "Vidensbasen besvarer ikke dette. Intet dokument handler om det hele samlet.\n\n"
            "Fundet: tillit, Oslo.\n\nIkke fundet: cup.\n\nNærmest: A; B.",
        ),
        (
            "nb",
            "Kunnskapsbasen svarer ikke på dette. Ikke noe dokument handler om alt dette samlet.\n\n"
            "Funnet: tillit, Oslo.\n\nIkke funnet: cup.\n\nNærmest: A; B.",
        ),
        (
            "sv",
            "Kunskapsbasen besvarar inte detta. Inget dokument handlar om allt detta tillsammans.\n\n"
            "Hittades: tillit, Oslo.\n\nHittades inte: cup.\n\nNärmast: A; B.",
        ),
        (
            "fi",
            "The knowledge base does not answer this. No document speaks of all of it together.\n\n"
            "Found: tillit, Oslo.\n\nNot found: cup.\n\nNearest: A; B.",
        ),
    ],
)
def test_a_refusal_says_what_was_found_what_not_and_what_lies_near(language, expected):
    assert refusal_text("thin-support", language, ("tillit", "Oslo"), ("cup",), ("A", "B")) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("no-match", "The knowledge base has nothing on this: none of the question's words were found in it."),
        ("filtered-out", "No document passes the filters that are set."),
    ],
)
def test_what_there_is_none_of_is_left_out_of_a_refusal(reason, expected):
    assert refusal_text(reason, "en", (), (), ()) == expected


@pytest.mark.parametrize("language", [*LANGUAGES, "fi"])
def test_what_is_not_stated_is_told_for_everything_that_a_question_may_want_but_a_meaning(language):
    wants = [want for want in get_args(Want) if want != "meaning"]
    told = [refusal_text("not-stated", language, (), (), (), want) for want in wants]
    assert len(set(told)) == len(told)
    assert not [text for text in told if "{" in text or text.endswith(" .")]


def test_what_is_not_stated_stands_before_what_was_found():
    assert refusal_text("not-stated", "en", ("trust",), (), ("A",), "date") == (
        "The knowledge base speaks of this, but nothing was found in it that says when.\n\nFound: trust.\n\nNearest: A."
    )


@pytest.mark.parametrize(
    ("text_by", "basis", "language", "expected"),
    [
        ("source", None, "en", "Quoted in the source's own words."),
        ("source", "full", "sv", "Citerat med källans egna ord."),
        ("tillit", "full", "en", "Tillit's summary of the whole source; the wording is not the source's."),
        ("tillit", None, "en", "Tillit's summary of the whole source; the wording is not the source's."),
        (
            "tillit",
            "summary",
            "da",
            "Tillits sammenfatning af kilden, hvoraf kun resuméet er læst; ordlyden er ikke kildens.",
        ),
        ("tillit", "excerpt", "nb", "Tillits sammendrag av et utdrag av kilden; ordlyden er ikke kildens."),
        ("tillit", "excerpt", "fi", "Tillit's summary of an excerpt of the source; the wording is not the source's."),
    ],
)
def test_whose_words_a_text_is_in_is_said(text_by, basis, language, expected):
    assert whose_words(text_by, basis, language) == expected


@pytest.mark.parametrize(
    ("quoted", "language", "expected"),
    [("da", "en", "quoted in Danish"), ("en", "sv", "citerat på engelska"), ("fi", "nb", "sitert på et annet språk")],
)
def test_a_reader_is_told_in_which_other_language_a_source_is_quoted(quoted, language, expected):
    assert quoted_in(quoted, language) == expected


@pytest.mark.parametrize(
    ("mended", "also", "language", "expected"),
    [
        ((), (), "en", []),
        ((("nurces", "nurses"),), (), "en", ["Searched for nurses instead of nurces."]),
        (
            (("Tilid", "tillid"), ("NPN", "npm")),
            (),
            "da",
            [
                "Søgte efter Tillid i stedet for Tilid.",
                "Søgte efter NPM i stedet for NPN.",
            ],
        ),
        ((), ("äldreboende", "vårdhem"), "sv", ["Sökte också efter: äldreboende, vårdhem"]),
        ((), ("a", "b", "c", "d", "e", "f"), "nb", ["Søkte også etter: a, b, c, d, e, f"]),
        ((), ("a", "b", "c", "d", "e", "f", "g"), "fi", ["Also searched: a, b, c, d, e, f, …"]),
    ],
    ids=["nothing", "mended", "in-the-case-of-what-was-written", "synonyms", "six", "more"],
)
def test_a_reader_is_told_what_was_searched_instead_and_besides(mended, also, language, expected):
    assert searched(mended, also, language) == expected


@pytest.mark.parametrize(
    ("evidences", "language", "expected"),
    [
        ((), "en", ()),
        (("experience",), "en", ("This rests on experience alone: no research or evaluation is quoted.",)),
        (
            ("experience", "experience"),
            "da",
            ("Dette bygger kun på erfaring: ingen forskning eller evaluering er citeret.",),
        ),
        (("experience",), "nb", ("Dette bygger bare på erfaring: ingen forskning eller evaluering er sitert.",)),
        (("experience",), "sv", ("Detta bygger bara på erfarenhet: ingen forskning eller utvärdering är citerad.",)),
        (("experience",), "fi", ("This rests on experience alone: no research or evaluation is quoted.",)),
        (("experience", "research"), "en", ()),
        (("policy",), "en", ()),
        (("experience", UNKNOWN), "en", ()),
    ],
    ids=["nothing", "one", "several", "nb", "sv", "another-language", "with-research", "policy", "with-ungraded"],
)
def test_a_reader_is_told_where_all_that_is_quoted_is_experience(evidences, language, expected):
    assert notes([document_of("Text.", evidence=evidence) for evidence in evidences], language) == expected


@pytest.mark.parametrize(
    ("evidence", "year", "language", "expected"),
    [
        ("experience", 2016, "en", "experience 2016"),
        ("research", 2021, "nb", "forskning 2021"),
        ("evaluation", None, "sv", "utvärdering"),
        ("policy", None, "da", "politik"),
        ("policy", 2024, "fi", "policy 2024"),
        (UNKNOWN, 2024, "en", "2024"),
        (UNKNOWN, None, "en", ""),
    ],
    ids=["both", "translated", "no-year", "danish", "another-language", "not-graded", "neither"],
)
def test_beside_a_statement_stands_what_its_source_is_and_its_year(evidence, year, language, expected):
    assert source_mark(document_of("Text.", evidence=evidence, year=year), language) == expected


def test_every_kind_of_evidence_has_a_word():
    graded = [evidence for evidence in EVIDENCES if evidence != UNKNOWN]
    assert [label(evidence, "en") for evidence in graded] == graded


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("asked", "da", "Du spurgte"),
        ("also searched", "sv", "Sökte också"),
        ("passed over", "nb", "Ikke sitert (mindre sannsynlig)"),
        ("threshold", "fi", "Refused below"),
    ],
)
def test_a_step_of_the_trace_is_named_in_the_readers_language(name, language, expected):
    assert step(name, language) == expected


def tables() -> list[dict[str, str]]:
    """Return every set of wordings in the module."""
    found = [value for name, value in vars(wording).items() if name.startswith("_") and isinstance(value, dict)]
    nested = [inner for table in found for inner in table.values() if isinstance(inner, dict)]
    return nested + [table for table in found if isinstance(table.get("en"), str)]


def test_every_wording_stands_in_every_language():
    assert len(tables()) > 5
    assert [table for table in tables() if set(table) != set(LANGUAGES)] == []

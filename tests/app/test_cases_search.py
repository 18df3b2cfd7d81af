"""Searching among cases: exact phrases, what is found, what is marked and what else matches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.case_search import Place, Search, current_search, phrase_pattern
from app.cases import current_cases
from tests.app.casebook import BORNHOLM, TOMELILLA


def marks(search: Search, case, span) -> list[str]:
    return [case.text(found) for found in search.spans(case, span)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("Roads and Parks", "for roads\n  and  PARKS.", True),
        ("roads and park", "roads and parks", False),
        ("oads and parks", "roads and parks", False),
        ("København", "KØBENHAVN", True),
        ("Ko\u0308ping", "in K\u00f6ping", True),
        ("7 cm (high)", "it is 7 cm (high)", True),
        ("a.c", "abc", False),
    ],
    ids=["case and space", "end of a word", "begin of a word", "letters", "composed", "signs", "no pattern"],
)
def test_a_phrase_is_found_word_by_word(phrase, text, found):
    pattern = phrase_pattern(phrase)
    assert bool(pattern and pattern.search(text)) is found


def test_signs_alone_are_no_phrase():
    assert phrase_pattern("…") is None


@pytest.mark.parametrize("text", ["", "  ", '""', "?!"])
def test_without_words_every_case_is_found(small_kb, cases, text):
    search = current_search(small_kb, text, "en")
    assert search.found(cases.values()) == list(cases.values())
    assert search.in_text("Trust", "en") == []


@pytest.mark.parametrize("text", ['"7 cm high"', "lawns „7 CM  high”", "«7 cm high» zebra"])
def test_a_phrase_in_quotation_marks_must_stand_in_the_document(small_kb, cases, text):
    assert [case.id for case in current_search(small_kb, text, "en").found(cases.values())] == [BORNHOLM]


def test_every_phrase_must_stand_in_it(small_kb, cases):
    assert current_search(small_kb, '"7 cm high" "Tomelilla"', "en").found(cases.values()) == []


def test_words_find_the_cases_that_come_near_and_the_best_one_first(small_kb, cases):
    search = current_search(small_kb, "gardeners mowing lawns on Bornholm", "en")
    assert max(search.scores, key=search.scores.__getitem__) == BORNHOLM
    assert BORNHOLM in [case.id for case in search.found(cases.values())]


def test_what_scores_far_below_the_best_is_not_found(cases):
    understanding = object()
    places = {BORNHOLM: Place(10.0, 1, 1), TOMELILLA: Place(1.9, 1, 1)}
    search = Search((), understanding, places)
    assert [case.id for case in search.found(cases.values())] == [BORNHOLM]
    near = replace(search, places={**places, TOMELILLA: Place(2.0, 1, 1)})
    assert [case.id for case in near.found(cases.values())] == [BORNHOLM, TOMELILLA]


def test_words_are_searched_in_the_language_that_they_are_in(small_kb):
    assert current_search(small_kb, "Hvor højt skal græsset være på Bornholm?", "en").language == "da"
    assert current_search(small_kb, "7913", "sv").language == "sv"


def test_the_same_search_is_made_once(small_kb):
    assert current_search(small_kb, "lawns ", "en") is current_search(small_kb, "lawns", "en")


def test_matched_words_are_marked_in_other_forms_too(small_kb, cases):
    case = cases[BORNHOLM]
    search = current_search(small_kb, "lawn gardeners", "en")
    assert marks(search, case, case.sections["situation"]) == ["gardeners", "lawns"]
    assert search.in_text("The lawns", "en") == [(4, 9)]


def test_a_phrase_is_one_mark(small_kb, cases):
    case = cases[BORNHOLM]
    search = current_search(small_kb, '"lawns had to be cut"', "en")
    assert marks(search, case, case.sections["situation"]) == ["lawns had to be cut"]


def test_the_sentence_that_matches_is_told_where_the_card_does_not_show_it(small_kb, cases):
    case = cases[BORNHOLM]
    shown = [case.brief(role) for role in case.on_card()]
    excerpt = current_search(small_kb, '"lawns had to be cut"', "en").excerpt(case, shown)
    assert excerpt is not None
    assert case.text(excerpt) == (
        "Bornholm's gardeners used to follow a fixed weekly rhythm: lawns had to be cut every Monday and Friday."
    )
    assert current_search(small_kb, '"7 cm high"', "en").excerpt(case, shown) is None
    assert current_search(small_kb, '"in Bornholm"', "en").excerpt(case, shown) is None  # the title has it


def test_the_best_passage_is_told_where_nothing_on_the_card_matches(small_kb, cases):
    case = cases[BORNHOLM]
    search = current_search(small_kb, "island mowing illustration", "en")
    search = replace(search, places={BORNHOLM: Place(5.0, 0, 1)})
    excerpt = search.excerpt(case, [case.sections["result"]])
    assert excerpt is not None
    assert case.text(excerpt).startswith("The mowing of lawns is a very simple illustration")
    assert search.excerpt(case, [case.sections["opening"]]) is None


@pytest.mark.model
def test_more_documents_are_found_than_an_answer_looks_at(shipped_kb):
    assert len(shipped_kb.search("trust", language="en", limit=300)) == 300
    search = current_search(shipped_kb, "home care without minute control", "en")
    cases = current_cases(shipped_kb, "en")
    found = {case.id for case in search.found(cases.values())}
    assert 20 < len(found) < 123
    assert {"se-solna-abolishes-minute-control", "dk-home-care-without-minute-tyranny"} <= found

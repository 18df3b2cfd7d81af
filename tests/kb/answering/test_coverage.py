"""Coverage is the weighted share of a question's terms that a text has, in the language of the text."""

from __future__ import annotations

import pytest

from kb.answering.coverage import Wanted, document_terms, index_terms
from kb.words.terms import Term
from tests.kb.answering.texts import document_of, wanted

DOCUMENT = document_of("# A case\n\nNurses plan the care.\n", organisation="Oslo", questions=("Who is cheap?",))


@pytest.mark.parametrize(
    ("present", "share"),
    [(set(), 0.0), ({"trust"}, 0.2), ({"reform"}, 0.5), ({"trust", "reform"}, 0.7), ({"trust", "reform", "oslo"}, 1.0)],
    ids=["none", "light", "heavy", "two", "all"],
)
def test_coverage_is_the_weighted_share_of_the_terms(present, share):
    given = Wanted(wanted("trust reform Oslo").terms, {"en": {"trust": 2.0, "reform": 5.0, "oslo": 3.0}})
    assert given.covered(frozenset(present), "en") == pytest.approx(share)


def test_no_terms_are_not_covered():
    assert wanted("").covered(frozenset({"trust"}), "en") == 0.0


def test_terms_that_weigh_nothing_are_not_covered():
    given = Wanted({"en": (Term("trust", "trust"),)}, {"en": {"trust": 0.0}})
    assert given.covered(frozenset({"trust"}), "en") == 0.0


def test_terms_and_weights_are_those_of_the_texts_language_and_english_ones_for_others():
    trust, tillid = Term("trust", "trust"), Term("trust", "trust", synonyms=("tillid",))
    given = Wanted({"en": (trust,), "da": (tillid,)}, {"en": {"trust": 1.0}, "da": {"trust": 2.0}})
    assert [given.of(language) for language in ("en", "da", "fi")] == [(trust,), (tillid,), (trust,)]
    assert [given.covered(frozenset({"tillid"}), language) for language in ("en", "da", "fi")] == [0.0, 1.0, 0.0]


def test_a_word_is_covered_by_a_synonym_in_the_documents_language():
    swedish = document_of("# Fall\n\nÄldreboende stänger.\n", language="sv")
    terms = {"sv": (Term("nursing", "nursing", synonyms=("äldreboend",)), Term("home", "hom"))}
    given = Wanted(terms, {"sv": {"nursing": 3.0, "hom": 1.0}})
    assert given.covered(document_terms(swedish), "sv") == 0.75


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Managers trust.", "en", {"manag", "trust"}),
        ("Tillidsreformen", "da", {"tillidsreform", "tillid", "reform"}),
        ("Sjukeheimen", "nb", {"sjukeheim", "sykehjemm", "sjuk", "heim"}),
        ("", "en", set()),
    ],
    ids=["stems", "parts", "bokmaal", "empty"],
)
def test_a_text_is_found_by_stems_parts_of_compounds_and_other_forms(text, language, expected):
    assert index_terms(text, language) == expected


def test_a_document_has_the_words_of_text_title_organisation_and_questions():
    assert document_terms(DOCUMENT) == {"a", "case", "nurs", "plan", "the", "care", "oslo", "who", "is", "cheap"}


def test_a_document_without_an_organisation_or_questions_has_the_words_of_its_text_and_title():
    assert document_terms(document_of("Nurses plan.")) == {"a", "case", "nurs", "plan"}


def test_words_are_compared_by_the_stems_of_the_documents_language():
    assert "led" in document_terms(document_of("# Fall\n\nLedarna planerar.\n", language="sv"))

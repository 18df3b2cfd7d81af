"""Support is coverage of the question's terms, and nearness where there is a model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.answering.support import Support, Wanted, document_terms, index_terms, support
from kb.words.terms import Term
from tests.kb.answering.texts import asked, document_of

DOCUMENT = document_of("# A case\n\nNurses plan the care.\n", organisation="Oslo", questions=("Who is cheap?",))


@pytest.mark.parametrize(
    ("present", "share"),
    [(set(), 0.0), ({"trust"}, 0.2), ({"reform"}, 0.5), ({"trust", "reform"}, 0.7), ({"trust", "reform", "oslo"}, 1.0)],
    ids=["none", "light", "heavy", "two", "all"],
)
def test_coverage_is_the_weighted_share_of_the_terms(present, share):
    wanted = Wanted(asked("trust reform Oslo").terms, {"en": {"trust": 2.0, "reform": 5.0, "oslo": 3.0}})
    assert wanted.covered(frozenset(present), "en") == pytest.approx(share)


def test_no_terms_are_not_covered():
    assert asked("").covered(frozenset({"trust"}), "en") == 0.0


def test_terms_and_weights_are_those_of_the_texts_language_and_english_ones_for_others():
    trust, tillid = Term("trust", "trust"), Term("trust", "trust", synonyms=("tillid",))
    wanted = Wanted({"en": (trust,), "da": (tillid,)}, {"en": {"trust": 1.0}, "da": {"trust": 2.0}})
    assert [wanted.of(language) for language in ("en", "da", "fi")] == [(trust,), (tillid,), (trust,)]
    assert [wanted.covered(frozenset({"tillid"}), language) for language in ("en", "da", "fi")] == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Managers trust.", "en", {"manag", "trust"}),
        ("Tillidsreformen", "da", {"tillidsreform", "tillid", "reform"}),
        ("Sjukeheimen", "nb", {"sjukeheim", "sykehjemm", "sjuk", "heim"}),
    ],
    ids=["stems", "parts", "bokmaal"],
)
def test_a_text_is_found_by_stems_parts_of_compounds_and_other_forms(text, language, expected):
    assert index_terms(text, language) == expected


def test_a_document_has_the_words_of_text_title_organisation_and_questions():
    assert document_terms(DOCUMENT) == {"a", "case", "nurs", "plan", "the", "care", "oslo", "who", "is", "cheap"}


@pytest.mark.parametrize(
    ("cosine", "score"),
    [(None, 0.5), (0.2, 0.3), (-1.0, 0.3), (0.45, 0.5), (0.7, 0.7), (1.0, 0.7)],
    ids=["no-model", "floor", "below", "half-way", "ceiling", "above"],
)
def test_nearness_counts_for_two_fifths_between_its_bounds(cosine, score):
    assert support(DOCUMENT, asked("nurses spaceship"), cosine).score == pytest.approx(score)


def test_support_tells_which_words_were_found_as_they_were_asked():
    found = support(DOCUMENT, asked("Do NURSES plan a Spaceship in Oslo?"), None)
    assert found == Support(DOCUMENT, 0.75, ("NURSES", "plan", "Oslo"), ("Spaceship",))


def test_words_are_compared_by_the_stems_of_the_documents_language():
    swedish = replace(document_of("# Fall\n\nLedarna planerar.\n"), language="sv")
    assert "led" in document_terms(swedish)


def test_a_word_is_found_by_a_synonym_in_the_documents_language():
    swedish = document_of("# Fall\n\nÄldreboende stänger.\n", language="sv")
    terms = {"sv": (Term("nursing", "nursing", synonyms=("äldreboend",)), Term("home", "hom"))}
    found = support(swedish, Wanted(terms, {"sv": {"nursing": 3.0, "hom": 1.0}}), None)
    assert (found.score, found.found, found.missing) == (0.75, ("nursing",), ("home",))

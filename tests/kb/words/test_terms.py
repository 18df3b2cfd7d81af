"""What a question is searched for: its content words, and all that each may be called in texts of each language."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kb.vocabulary import LANGUAGES
from kb.words.glossary import Concept, Glossary
from kb.words.terms import Term, Understanding, content_words, understand

MEANING = dict.fromkeys(LANGUAGES, "What it means.")
NURSING_HOME = Concept(
    "nursing-home",
    {
        "en": ("nursing home", "care unit"),
        "da": ("plejehjem", "ældrecenter"),
        "nb": ("sykehjem",),
        "nn": ("sjukeheim",),
        "sv": ("äldreboende",),
    },
    MEANING,
)
GLOSSARY = Glossary((NURSING_HOME,))


def understood(question: str, language: str, slips: Mapping[str, str] | None = None) -> Understanding:
    """Return what a question is searched for, where these words are known to be slips."""
    return understand(question, language, LANGUAGES, (slips or {}).get, GLOSSARY)


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("What is trust-based management?", "en", ("trust", "based", "management")),
        ("Hvad er tillid?", "da", ("tillid",)),
        ("Manager or managers?", "en", ("Manager",)),
        ("Managers trust a manager", "en", ("Managers", "trust")),
        ("What is it?", "en", ("What", "is", "it")),
        ("Vad är NPM?", "sv", ("NPM",)),
        ("ﬁne Ｔｒｕｓｔ", "en", ("fine", "Trust")),
        ("Mitä luottamus on?", "fi", ("Mitä", "luottamus")),
        ("?", "en", ()),
    ],
    ids=[
        "content",
        "danish",
        "same-stem",
        "in-order",
        "only-stop-words",
        "abbreviation",
        "compatible-signs",
        "another-language",
        "signs",
    ],
)
def test_content_words_are_what_a_question_is_about_each_stem_once(question, language, expected):
    assert content_words(question, language) == expected


def test_each_word_is_stemmed_in_the_language_of_the_texts():
    terms = understood("Managers trust", "en").terms
    assert {language: [term.stem for term in own] for language, own in terms.items()} == {
        "en": ["manag", "trust"],
        "da": ["manag", "trust"],
        "nb": ["manag", "trust"],
        "sv": ["manager", "trust"],
    }
    assert [term.word for term in terms["sv"]] == ["Managers", "trust"]


def test_a_question_without_words_has_no_terms():
    assert understood("?!", "en") == Understanding("?!", (), dict.fromkeys(LANGUAGES, ()))


def test_a_slip_is_searched_as_it_is_written_and_as_it_was_meant():
    found = understood("What do Nurces do?", "en", {"nurces": "nurses"})
    assert found.mended == (("Nurces", "nurses"),)
    assert found.text == "What do nurses do?"
    assert found.tokens == ("what", "do", "nurses", "do")
    assert found.terms["en"] == (Term("Nurces", "nurc", ("nurs",)),)
    assert found.terms["sv"] == (Term("Nurces", "nurc", ("nurs",)),)


@pytest.mark.parametrize(
    ("question", "language"),
    [("tillidsreform", "da"), ("sjukeheim", "nb"), ("What", "en")],
    ids=["compound", "nynorsk", "known"],
)
def test_a_word_that_is_understood_is_no_slip(question, language):
    slips = {"tillidsreform": "tillidsreformen", "sjukeheim": "sykehjem"}
    assert understood(question, language, slips).mended == ()


def test_only_content_words_are_mended():
    found = understood("What about the nurces?", "en", {"what": "hat", "nurces": "nurses"})
    assert found.mended == (("nurces", "nurses"),)


def test_a_word_in_nynorsk_is_searched_in_bokmaal_as_well():
    terms = understood("tenesta", "nb").terms
    assert terms["nb"] == (Term("tenesta", "tenest", ("tjenest",)),)
    assert understood("tenesta", "sv").terms["nb"] == (Term("tenesta", "tenest", ("tjenest",)),)
    assert understood("tenesta", "sv").terms["sv"] == (Term("tenesta", "tenest"),)


def test_a_verb_is_searched_by_its_other_forms_in_its_own_language():
    terms = understood("slået", "da", {"slået": "slag"}).terms
    assert terms["da"] == (Term("slået", "slået", ("slå", "slår", "slås", "slog")),)
    assert terms["sv"] == (Term("slået", "slået"),)
    assert terms["da"][0].among(frozenset({"slås"}))


def test_a_verb_in_nynorsk_is_searched_by_the_forms_of_bokmaal():
    (term,) = understood("skreiv", "nb").terms["nb"]
    assert term == Term("skreiv", "skreiv", ("skrev", "skriv", "skrevn"))


def test_a_compound_is_searched_by_its_parts_in_its_own_language():
    terms = understood("Tillidsreformen", "da").terms
    assert terms["da"] == (Term("Tillidsreformen", "tillidsreform", parts=("tillid", "reform")),)
    assert [terms[language][0].parts for language in ("en", "nb", "sv")] == [(), (), ()]


def test_the_parts_of_a_slip_are_those_of_what_was_meant():
    (term,) = understood("zillidsreform", "da", {"zillidsreform": "tillidsreform"}).terms["da"]
    assert (term.forms, term.parts) == (("tillidsreform",), ("tillid", "reform"))


@pytest.mark.parametrize(
    ("question", "asked_in"),
    [("plejehjemmene", "da"), ("ældrecenter", "da"), ("nursing homes", "en"), ("sjukeheimane", "nb")],
    ids=["inflected", "synonym", "several-words", "nynorsk"],
)
def test_a_concept_is_searched_by_its_synonyms_in_every_language(question, asked_in):
    found = understood(question, asked_in)
    assert [match.concept.id for match in found.matches] == ["nursing-home"]
    for term in found.terms["sv"]:
        assert term.synonyms == ("äldreboend",)
    for term in found.terms["en"]:
        assert set(term.synonyms) == {"nurs home", "care unit"}
    for term in found.terms["da"]:
        assert {"plejehjem", "ældrecent"} - set(term.synonyms) <= set(term.same)


def test_words_that_are_no_concept_have_no_synonyms():
    first, second, third = understood("Cheap nursing homes", "en").terms["da"]
    assert (first.synonyms, second.synonyms) == ((), third.synonyms) != ((), ())


def test_a_slip_names_the_concept_that_was_meant():
    found = understood("plejehjm", "da", {"plejehjm": "plejehjem"})
    assert found.terms["sv"][0].synonyms == ("äldreboend",)


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('What is "Trust  Reform"?', ("trust reform",)),
        ("»tillid« og «tillit» “och” „tillit“", ("tillid", "tillit", "och", "tillit")),
        ('the "ﬁne—print"', ("fine print",)),
        ('Is it "?" or ""?', ()),
        ('What is "trust?', ()),
        ("What's 'trust'?", ()),
    ],
    ids=["folded", "nordic-quotes", "signs", "empty", "open", "apostrophes"],
)
def test_a_phrase_is_what_stands_in_quotation_marks(question, phrases):
    assert understood(question, "en").phrases == phrases


@pytest.mark.parametrize(
    ("question", "asked_in", "languages", "expected"),
    [
        ("plejehjem", "da", ["da"], ("ældrecenter",)),
        ("plejehjem", "da", ["da", "sv", "da"], ("ældrecenter", "äldreboende")),
        ("plejehjem og ældrecenter", "da", ["da"], ()),
        ("nursing home", "en", ["en", "nb"], ("care unit", "sykehjem", "sjukeheim")),
        ("skole", "da", LANGUAGES, ()),
    ],
    ids=["own-language", "languages", "both-written", "several-words", "no-concept"],
)
def test_also_searched_are_the_synonyms_that_are_not_in_the_question(question, asked_in, languages, expected):
    assert understood(question, asked_in).also_searched(languages) == expected


TERM = Term("word", "word", ("form",), ("part", "other"), ("single", "two words"))


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({"word"}, True),
        ({"form", "x"}, True),
        ({"part"}, False),
        ({"part", "other"}, True),
        ({"single"}, True),
        ({"two"}, False),
        ({"two", "words"}, True),
        (set(), False),
    ],
    ids=["word", "form", "one-part", "all-parts", "synonym", "half-a-synonym", "whole-synonym", "nothing"],
)
def test_a_text_speaks_of_a_term_by_any_of_its_names(present, expected):
    assert TERM.among(frozenset(present)) == expected
    assert not Term("word", "word").among(frozenset(present - {"word"}))

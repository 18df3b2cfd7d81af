"""The forms of verbs that have several stems."""

from __future__ import annotations

import re

import pytest

from kb.analysis import fold, stemmer
from kb.stopwords import STOPWORDS
from kb.vocabulary import LANGUAGES
from kb.words.verbs import FAMILIES, NO_VERBS, PREFIXES, other_forms, regular_past

ALL = [(language, family) for language in FAMILIES for family in FAMILIES[language]]
MARKS = "-~"


def plain(family: str) -> list[str]:
    """Return the forms of a verb without marks."""
    return [form.lstrip(MARKS) for form in family.split()]


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("slået", "da", {"slå", "slår", "slås", "slog"}),
        ("held", "en", {"hold", "holds", "holding"}),
        ("tog", "sv", {"ta", "tar", "tas", "tagit", "tagen", "taget", "tagna"}),
        ("skrevet", "nb", {"skrive", "skriver", "skrev", "skrevne"}),
        ("skrives", "da", {"skriver", "skrev", "skrevet", "skrevne", "skrive"}),
        ("drevs", "sv", {"driva", "driver", "drivs", "drev", "drivit", "driven", "drivet", "drivna"}),
        ("vedtog", "da", {"vedtage", "vedtager", "vedtages", "vedtaget", "vedtagne"}),
        ("genomförs", "sv", {"genomföra", "genomförde", "genomfört", "genomför"}),
        ("withdrew", "en", {"withdraw", "withdraws", "withdrawn"}),
        ("undgås", "da", {"undgå", "undgår", "undgik", "undgået"}),
    ],
)
def test_a_verb_is_known_by_each_form(word, language, expected):
    assert set(other_forms(word, language)) == expected


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("tillid", "da"),
        ("brød", "da"),
        ("indsats", "da"),
        ("samfundet", "da"),
        ("låg", "sv"),
        ("företaget", "sv"),
        ("left", "en"),
        ("holds", "fi"),
        ("builds", "da"),
        ("s", "nb"),
        ("", "sv"),
    ],
)
def test_other_words_have_no_other_forms(word, language):
    assert other_forms(word, language) == ()


def test_a_form_whose_stem_is_another_words_finds_the_others_and_is_not_searched_for_them():
    assert other_forms("lægge", "da") == ()
    assert set(other_forms("planlagt", "da")) == {"planlægge", "planlægger", "planlagde", "planlagte"}
    assert other_forms("mene", "da") == ("mente", "ment")
    assert other_forms("mente", "da") == ("ment",)


def test_all_four_languages_have_a_table():
    assert set(FAMILIES) == set(PREFIXES) == set(LANGUAGES)


def test_forms_are_folded_words_and_prefixes_too():
    words = [form for _, family in ALL for form in plain(family)]
    words += [word for table in (PREFIXES, NO_VERBS) for language in table for word in table[language]]
    assert [word for word in words if word != fold(word) or not re.fullmatch(r"[^\W\d_]+", word)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_stands_twice(language):
    forms = [form for family in FAMILIES[language] for form in plain(family)]
    assert sorted(forms) == sorted(set(forms))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verb_has_several_stems(language):
    stem = stemmer(language)
    assert [family for family in FAMILIES[language] if len({stem(form) for form in plain(family)}) == 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_verb_is_asked_for_by_stop_words_alone(language):
    alone = [[form for form in family.split() if not form.startswith("-")] for family in FAMILIES[language]]
    assert [forms for forms in alone if forms and {form.lstrip(MARKS) for form in forms} <= STOPWORDS[language]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_that_is_searched_has_the_stem_of_another_stop_word(language):
    stem = stemmer(language)
    found = {
        form
        for family in FAMILIES[language]
        for form in family.split()
        if not form.startswith(("-", "~"))
        and stem(form) in {stem(word) for word in STOPWORDS[language] - set(plain(family))}
    }
    assert found == set()


def test_no_more_than_ten_stems_are_searched_for_a_verb():
    assert max(len({stemmer(language)(form) for form in plain(family)}) for language, family in ALL) <= 10


@pytest.mark.parametrize("language", sorted(NO_VERBS))
def test_each_exception_would_be_taken_for_a_verb(language):
    forms = {form for family in FAMILIES[language] for form in plain(family)}
    forms |= {form + "s" for form in forms}
    taken = {prefix + form for prefix in PREFIXES[language] for form in forms}
    assert set(NO_VERBS[language]) <= taken
    assert [other_forms(word, language) for word in NO_VERBS[language]] == [()] * len(NO_VERBS[language])


@pytest.mark.parametrize(
    ("word", "language", "other"),
    [
        ("lavede", "da", ("lave",)),
        ("lave", "da", ("lavede",)),
        ("laver", "da", ("lavede",)),
        ("lavet", "da", ("lavede",)),
        ("park", "da", ()),
        ("laget", "nb", ()),
    ],
)
def test_a_regular_past_in_danish_is_the_same_verb(word, language, other):
    assert regular_past(word, language) == other

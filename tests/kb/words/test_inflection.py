"""Inflected forms: what belongs to a word, and what only looks like it."""

from __future__ import annotations

import pytest

from kb.words.inflection import forms


@pytest.mark.parametrize(
    ("language", "word", "said"),
    [
        ("en", "authority", "authorities"),
        ("en", "process", "processes"),
        ("en", "evaluate", "evaluated"),
        ("en", "organisation", "organizations"),
        ("da", "hjemmepleje", "hjemmeplejens"),
        ("da", "leder", "lederne"),
        ("da", "budget", "budgettet"),
        ("da", "regel", "reglerne"),
        ("da", "ministerium", "ministerierne"),
        ("da", "embedsmand", "embedsmændenes"),
        ("da", "evaluere", "evalueret"),
        ("nb", "hjemmetjeneste", "hjemmetjenesten"),
        ("nb", "ansatt", "ansatte"),
        ("nb", "senter", "sentre"),
        ("nb", "evaluere", "evaluert"),
        ("nb", "leiar", "leiarane"),
        ("nb", "heimeteneste", "heimetenesta"),
        ("sv", "skola", "skolornas"),
        ("sv", "lärare", "lärarna"),
        ("sv", "regel", "reglerna"),
        ("sv", "tjänsteman", "tjänstemännen"),
        ("sv", "utvärdera", "utvärderades"),
    ],
    ids=lambda value: value,
)
def test_an_inflected_form_belongs_to_its_word(language, word, said):
    assert said in forms(word, language)


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("en", "trust", "trustworthiness"),
        ("en", "it", "its"),
        ("da", "leder", "ledelse"),
        ("da", "leder", "ledig"),
        ("da", "kommune", "kommuneloven"),
        ("da", "kommune", "kommunal"),
        ("nb", "leder", "ledelse"),
        ("sv", "chef", "chefskap"),
        ("sv", "styrning", "styrelse"),
    ],
    ids=lambda value: value,
)
def test_another_word_of_the_same_root_does_not(language, word, other):
    assert other not in forms(word, language)


@pytest.mark.parametrize("word", ["2024", "a"], ids=["figure", "letter"])
def test_figures_and_letters_have_no_other_forms(word):
    assert forms(word, "da") == {word}

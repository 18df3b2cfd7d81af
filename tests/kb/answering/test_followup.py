"""A follow-up is searched for with the turn before it; a question that stands alone, by itself."""

from __future__ import annotations

import pytest

from kb.answering.followup import understood

FIRST = {
    "en": "How many nurses does Buurtzorg have?",
    "da": "Hvor mange sygeplejersker har Buurtzorg?",
    "nb": "Hvor mange sykepleiere har Buurtzorg?",
    "sv": "Hur många sjuksköterskor har Buurtzorg?",
}


@pytest.mark.parametrize(
    ("language", "turn"),
    [
        ("en", "And in Denmark?"),
        ("en", "And how cheap is it?"),
        ("en", "What about Sweden?"),
        ("en", "But why did they leave?"),
        ("en", "Why?"),
        ("en", "Denmark"),
        ("en", "What did it cost?"),
        ("en", "How many of them work part time?"),
        ("da", "Og i Danmark?"),
        ("da", "Hvad med Sverige?"),
        ("da", "Hvad kostede det?"),
        ("da", "Hvorfor?"),
        ("nb", "Og i Danmark?"),
        ("nb", "Hva med Sverige?"),
        ("nb", "Hva kostet det?"),
        ("nb", "Men hvorfor sluttet de?"),
        ("sv", "Och i Danmark?"),
        ("sv", "Hur är det med Norge?"),
        ("sv", "Vad kostade det?"),
        ("sv", "Varför?"),
    ],
)
def test_a_turn_that_cannot_stand_alone_takes_the_one_before_along(language, turn):
    assert understood([FIRST[language], turn], language) == f"{FIRST[language]} {turn}"


@pytest.mark.parametrize(
    ("language", "turn"),
    [
        ("en", "What did Timbro's review find?"),
        ("en", "Which municipalities have tried self-managing teams in home care?"),
        ("en", "And which Swedish municipalities have tried self-managing teams in home care?"),
        ("da", "Hvad fandt Timbros forskningsoversigt?"),
        ("nb", "Hva fant Timbros gjennomgang av forskning?"),
        ("sv", "Vad fann Timbros forskningsöversikt?"),
    ],
)
def test_a_question_that_stands_alone_is_searched_for_by_itself(language, turn):
    assert understood([FIRST[language], turn], language) == turn


@pytest.mark.parametrize("turn", ["And in Denmark?", "Why?", "What did Timbro find?"])
def test_a_first_turn_has_none_before_it(turn):
    assert understood([turn], "en") == turn


def test_a_chain_of_follow_ups_goes_back_to_the_question_that_stands_alone():
    turns = ["Who mows?", FIRST["en"], "And in Denmark?", "Why?"]
    assert understood(turns, "en") == f"{FIRST['en']} And in Denmark? Why?"


def test_what_was_asked_before_a_question_that_stands_alone_is_left_out():
    turns = [FIRST["en"], "What did Timbro's review find?", "Why?"]
    assert understood(turns, "en") == "What did Timbro's review find? Why?"

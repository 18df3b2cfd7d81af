"""A follow-up is searched for with the turn before it; a question that stands alone or is announced, by itself."""

from __future__ import annotations

import pytest

from kb.answering.followup import Understood, understood

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
        ("en", "Ok, thanks, and which Swedish municipalities have tried self-managing teams?"),
        ("en", "Why?"),
        ("en", "Denmark"),
        ("en", "What did it cost?"),
        ("en", "How many of them work part time?"),
        ("en", "Do the patients like it?"),
        ("en", "???"),
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
    first = FIRST[language]
    assert understood([first, turn], language) == Understood(f"{first} {turn}", first)


@pytest.mark.parametrize(
    ("language", "turn"),
    [
        ("en", "What did Timbro's review find?"),
        ("en", "Which municipalities have tried self-managing teams in home care?"),
        ("en", "How do managers in hospitals know that it works well enough for patients?"),
        ("da", "Hvad fandt Timbros forskningsoversigt?"),
        ("nb", "Hva fant Timbros gjennomgang av forskning?"),
        ("sv", "Vad fann Timbros forskningsöversikt?"),
    ],
)
def test_a_question_that_stands_alone_is_searched_for_by_itself(language, turn):
    assert understood([FIRST[language], turn], language) == Understood(turn)


@pytest.mark.parametrize(
    ("content", "alone"),
    [("nurses plan care", False), ("nurses plan care themselves", False), ("nurses plan care budgets", True)],
    ids=["three", "a-small-word-more", "four"],
)
def test_a_turn_of_up_to_three_content_words_that_names_nothing_needs_the_one_before(content, alone):
    turn = f"How {content}?"
    assert understood([FIRST["en"], turn], "en").before == (None if alone else FIRST["en"])


@pytest.mark.parametrize(
    ("turn", "alone"),
    [("Which nurses plan their care budgets?", False), ("Which nurses plan their hospital care budgets?", True)],
    ids=["four", "five"],
)
def test_a_turn_that_points_back_needs_the_one_before_up_to_four_content_words(turn, alone):
    assert understood([FIRST["en"], turn], "en").before == (None if alone else FIRST["en"])


def test_a_short_turn_that_names_something_stands_alone():
    assert understood([FIRST["en"], "Which nurses left Tomelilla?"], "en") == Understood("Which nurses left Tomelilla?")


@pytest.mark.parametrize("turn", ["And in Denmark?", "Why?", "What did Timbro find?", "New topic: why?", "?"])
def test_a_first_turn_has_none_before_it_and_is_left_as_it_is(turn):
    assert understood([turn], "en") == Understood(turn)


@pytest.mark.parametrize(
    ("language", "turn", "rest"),
    [
        ("en", "New topic: why?", "Why?"),
        ("en", "Thanks, another question: what did it cost?", "What did it cost?"),
        ("en", "Leaving that aside, who mows?", "Who mows?"),
        ("en", "Now for something else: mowing", "Mowing"),
        ("en", "Changing the subject – mowing", "Mowing"),
        ("da", "Noget helt andet: hvem slår græs?", "Hvem slår græs?"),
        ("da", "Bortset fra det, hvem betaler?", "Hvem betaler?"),
        ("nb", "Noe helt annet: hvem klipper?", "Hvem klipper?"),
        ("nb", "Nytt tema. Hvem klipper?", "Hvem klipper?"),
        ("sv", "Något annat: vem klipper?", "Vem klipper?"),
        ("sv", "Ny fråga: vem klipper?", "Vem klipper?"),
    ],
)
def test_a_new_topic_leaves_everything_behind_its_announcement_too(language, turn, rest):
    assert understood([FIRST[language], turn], language) == Understood(rest)


def test_an_announcement_of_nothing_is_no_new_topic():
    assert understood([FIRST["en"], "Something else"], "en").before == FIRST["en"]


def test_a_chain_of_follow_ups_goes_back_to_the_question_that_stands_alone():
    turns = ["Who mows?", FIRST["en"], "And in Denmark?", "Why?"]
    before = f"{FIRST['en']} And in Denmark?"
    assert understood(turns, "en") == Understood(f"{before} Why?", before)


def test_a_chain_of_follow_ups_goes_back_to_a_new_topic():
    turns = [FIRST["en"], "New topic: who mows the lawns?", "Why?"]
    assert understood(turns, "en") == Understood("Who mows the lawns? Why?", "Who mows the lawns?")


def test_what_was_asked_before_a_question_that_stands_alone_is_left_out():
    turns = [FIRST["en"], "What did Timbro's review find?", "Why?"]
    assert understood(turns, "en").text == "What did Timbro's review find? Why?"


def test_another_language_is_read_with_the_english_words():
    assert understood([FIRST["en"], "And in Denmark?"], "fi").before == FIRST["en"]


@pytest.mark.parametrize(
    ("turn", "language", "alone"),
    [
        ("What is trust-based management?", "en", True),
        ("Hvad er tillidsbaseret ledelse?", "da", True),
        ("Hva er tillitsbasert ledelse?", "nb", True),
        ("Vad är tillitsbaserad styrning?", "sv", True),
        ("Hvad er velfærdsaftalerne?", "da", True),
        ("What is Buurtzorg?", "en", True),
        ("Vad är minutstyrning?", "sv", True),
        ("And what is Buurtzorg?", "en", False),
        ("Hvad er prisen?", "da", False),
        ("What is the yearly cost?", "en", False),
        ("Hvad er resultatet?", "da", False),
    ],
)
def test_a_question_for_the_meaning_of_a_term_stands_alone(turn, language, alone):
    assert (understood(["How did Bornholm mow?", turn], language).before is None) == alone


def test_a_long_conversation_keeps_what_stands_alone_and_what_was_asked_right_before():
    turns = [FIRST["en"], "And how cheap is it?", "Why?", "Who says so?"]
    assert understood(turns, "en") == Understood(f"{FIRST['en']} Why? Who says so?", f"{FIRST['en']} Why?")
    another = "Which Swedish municipalities have tried self-managing teams?"
    assert understood([*turns, another], "en") == Understood(another)
    assert understood([*turns, another, "Why?"], "en") == Understood(f"{another} Why?", another)

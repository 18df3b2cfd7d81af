"""What a question asks for, in each language: its type, what it wants, names, focus and parts."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from kb.answering.question import Asked, Type, Want, cue, cues, holding, left_out, names, parts, read_question
from kb.vocabulary import COUNTRIES, LANGUAGES, SECTORS

BY_LANGUAGE = ("asks", "and", "focus", "openers", "referring", "points-back", "goes-on", "of-the-text", "new-topic")


def patterns(given: Any) -> list[str]:
    """Return all the regular expressions below a section of the cues."""
    if isinstance(given, str):
        return [given]
    return [each for below in (given.values() if isinstance(given, dict) else given) for each in patterns(below)]


def test_every_cue_is_a_regular_expression():
    assert all(re.compile(pattern) for pattern in patterns(cues()))


@pytest.mark.parametrize("section", BY_LANGUAGE)
def test_cues_of_every_section_stand_in_every_language(section):
    assert set(cues()[section]) == set(LANGUAGES)


@pytest.mark.parametrize(("section", "values"), [("types", get_args(Type)), ("wants", get_args(Want))])
def test_cues_of_every_type_and_want_stand_in_every_language(section, values):
    assert set(cues()[section]) == set(values) - {"fact"}
    assert {code for by_language in cues()[section].values() for code in by_language} == set(LANGUAGES)
    assert all(by_language.keys() == set(LANGUAGES) for by_language in cues()[section].values())


def test_what_a_text_holds_is_known_of_all_that_is_wanted_but_reasons_and_ways():
    assert set(cues()["holds"]) == set(get_args(Want)) - {"reason", "way"}


def test_countries_and_sectors_are_called_by_their_codes():
    assert set(cues()["countries"]) <= set(COUNTRIES)
    assert set(cues()["sectors"]) <= set(SECTORS)


def test_another_language_is_read_with_the_english_cues():
    assert cue("referring", "fi") == cue("referring", "en")
    assert read_question("How can we build trust?", "fi").type == "how-to"


TYPES = {
    "cases": {
        "en": ("Which municipalities have tried self-managing teams?", "Give me examples of fewer rules."),
        "da": ("Hvilke kommuner har prøvet selvstyrende teams?", "Eksempler på færre regler"),
        "nb": ("Hvilke kommuner har prøvd selvstyrte team?", "Hva finnes av caser?"),
        "sv": ("Vilka kommuner har prövat självstyrande grupper?", "Finns det exempel på färre regler?"),
    },
    "comparison": {
        "en": ("How do Denmark and Sweden differ?", "Compare the two reforms."),
        "da": ("Hvad er forskellen på Danmark og Sverige?",),
        "nb": ("Hvordan skiller Danmark og Sverige seg fra hverandre? Sammenlign.",),
        "sv": ("Vad är skillnaden mellan Danmark och Sverige?",),
    },
    "definition": {
        "en": ("What is trust?", "What does autonomy mean in practice?"),
        "da": ("Hvad er tillid?", "Hvad betyder faglighed?"),
        "nb": ("Hva er tillit?", "Kva er tillit?"),
        "sv": ("Vad är tillit?", "Vad innebär tillitsbaserad styrning?"),
    },
    "objections": {
        "en": ("What do critics say of the reform?", "Does trust lower sick leave?", "And is it wise?"),
        "da": ("Hvad siger kritikerne om reformen?", "Virker tillidsreformen?"),
        "nb": ("Hva sier kritikerne om reformen?", "Virker tillitsreformen?"),
        "sv": ("Vad säger kritikerna om reformen?", "Fungerar tillitsreformen?"),
    },
    "list": {
        "en": ("Which principles were agreed on?", "What are the seven principles of the agreement on trust in work?"),
        "da": ("Hvilke principper blev man enige om?",),
        "nb": ("Hvilke prinsipper ble man enige om?",),
        "sv": ("Vilka principer enades man om?",),
    },
    "how-to": {
        "en": ("How can we build trust?", "Any advice for a new manager?"),
        "da": ("Hvordan kan vi skabe tillid?",),
        "nb": ("Hvordan kan vi skape tillit?", "Korleis kan vi skape tillit?"),
        "sv": ("Hur kan vi skapa tillit?",),
    },
    "fact": {
        "en": ("How many nurses does Buurtzorg have?", "trust"),
        "da": ("Hvor mange sygeplejersker har Buurtzorg?", "tillid"),
        "nb": ("Hvor mange sykepleiere har Buurtzorg?", "tillit"),
        "sv": ("Hur många sjuksköterskor har Buurtzorg?", "tillit"),
    },
}


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        pytest.param(text, language, kind, id=f"{kind}-{language}-{number}")
        for kind, by_language in TYPES.items()
        for language, examples in by_language.items()
        for number, text in enumerate(examples)
    ],
)
def test_a_question_has_the_type_of_its_cue_words(text, language, kind):
    assert read_question(text, language).type == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Critics object. How many nurses are there?", "fact"),
        ("We want to compare reforms. How many nurses are there?", "comparison"),
        ("We look for cases in which nurses plan. How many are there?", "cases"),
        ("WHAT IS TRUST?", "definition"),
        ("Compare examples of trust.", "cases"),
    ],
    ids=["not-where-it-asks", "comparison-anywhere", "cases-anywhere", "capitals", "the-first-of-two"],
)
def test_cues_count_where_the_question_asks_but_those_of_comparisons_and_cases_anywhere(text, kind):
    assert read_question(text, "en").type == kind


@pytest.mark.parametrize(
    ("text", "language", "searched"),
    [
        ("Which four municipalities took part?", "en", False),
        ("In which 12 cities did it start?", "en", False),
        ("Which few municipalities took part?", "en", True),
        ("Hvilke fire kommuner var med?", "da", False),
        ("I hvilke 7 regioner begyndte det?", "da", False),
        ("Hvilke sju kommuner var med?", "nb", False),
        ("Hvilke små kommuner var med?", "nb", True),
        ("Vilka tolv kommuner var med?", "sv", False),
        ("Vilka få kommuner var med?", "sv", True),
    ],
)
def test_who_asks_for_a_definite_number_of_places_looks_for_no_cases(text, language, searched):
    assert (read_question(text, language).type == "cases") is searched


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Which municipalities have tried it?", "fact"),
        ("Compare examples of trust.", "comparison"),
        ("What is trust?", "definition"),
    ],
    ids=["a-fact", "the-second-of-two", "another-type"],
)
def test_what_only_sounds_like_a_search_for_cases_is_read_without(text, kind):
    asked = read_question(text, "en", cases=False)
    assert (asked.type, asked.text) == (kind, text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Who wrote https://compare.example/How-Many-Cases of it?", "Who wrote of it?"),
        ("See (www.Oslo.no/examples-when of it). Who mows?", "See this. Who mows?"),
        ("Hvem skrev HTTP i http://x.dk/Oslo-eksempler engang?", "Hvem skrev HTTP i den engang?"),
    ],
    ids=["in-a-sentence", "in-another", "danish"],
)
def test_an_address_on_the_web_says_nothing_of_a_question(text, same):
    asked, plain = read_question(text, "en"), read_question(same, "en")
    assert (asked.type, asked.wants, asked.names) == (plain.type, plain.wants, plain.names)
    assert "/" not in asked.text


def test_a_question_that_ends_in_an_address_still_asks():
    asked = read_question("Critics object. Who wrote http://x.dk/one?", "en")
    assert (asked.type, asked.wants) == ("fact", "person")


WANTS = {
    "share": ("What share of staff left?", "Hvor stor en andel rejste?", "Hvor stor andel sluttet?", "Hur stor andel?"),
    "money": ("How much money was saved?", "Hvad kostede det?", "Hva kostet det?", "Vad kostade det?"),
    "duration": ("How long did it take?", "Hvor længe varede det?", "Hvor lenge varte det?", "Hur länge varade det?"),
    "number": ("How many nurses left?", "Hvor mange rejste?", "Hvor mange sluttet?", "Hur många slutade?"),
    "date": ("When was it signed?", "Hvornår blev det aftalt?", "Når ble det avtalt?", "När infördes det?"),
    "person": ("Who leads it?", "Hvem leder det?", "Hvem leder det?", "Vem leder det?"),
    "place": ("Where did it start?", "Hvor begyndte det?", "Hvor begynte det?", "Var startade det?"),
    "reason": ("Why did it fail?", "Hvorfor gik det galt?", "Hvorfor gikk det galt?", "Varför gick det fel?"),
    "way": ("How did it go?", "Hvordan gik det?", "Hvordan gikk det?", "Hur gick det?"),
    "meaning": ("What is trust?", "Hvad er tillid?", "Hva er tillit?", "Vad är tillit?"),
    None: ("Which rules went?", "Hvilke regler røg?", "Hvilke regler røk?", "Vilka regler försvann?"),
}


@pytest.mark.parametrize(
    ("text", "language", "want"),
    [
        pytest.param(text, language, want, id=f"{want}-{language}")
        for want, texts in WANTS.items()
        for language, text in zip(LANGUAGES, texts, strict=True)
    ],
)
def test_a_question_wants_what_its_question_word_asks_for(text, language, want):
    assert read_question(text, language).wants == want


def test_only_where_a_question_asks_does_it_want_something():
    assert read_question("They told us when and where. Which rules went?", "en").wants is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("How many nurses does Buurtzorg have in The Hague?", "en", ("Buurtzorg", "Hague")),
        ("Did Oslo follow? Oslo did.", "en", ("Oslo",)),
        ("NAV leads. Danish nurses follow.", "en", ("NAV",)),
        ("What did Lars-Erik and Timbro's staff say?", "en", ("Lars-Erik", "Timbro's")),
        ("Hvad gør Ældreministeriet i Åre?", "da", ("Ældreministeriet", "Åre")),
        ("Hva mener I om Oslo?", "nb", ("Oslo",)),
        ("who mows?", "en", ()),
        ("", "en", ()),
        ("??", "en", ()),
    ],
    ids=["middle", "once", "abbreviation", "joined", "nordic", "small-word", "none", "empty", "signs"],
)
def test_names_are_words_with_a_capital_that_do_not_open_a_sentence(text, language, expected):
    assert names(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Which unions signed the agreement?", "en", ("unions",)),
        ("How many full-time nurses are there?", "en", ("full-time", "nurses")),
        ("How many Danish nurses are there?", "en", ("danish", "nurses")),
        ("Give me the names of the seven teams.", "en", ("teams",)),
        ("Hvor mange sygeplejersker har Buurtzorg?", "da", ("sygeplejersker",)),
        ("Hvilke kommuner er med?", "nb", ("kommuner",)),
        ("Hur många sjuksköterskor har Buurtzorg?", "sv", ("sjuksköterskor",)),
        ("Why did it fail?", "en", ()),
        ("", "en", ()),
    ],
    ids=["which", "hyphen", "two-words", "names-of", "da", "nb", "sv", "none", "empty"],
)
def test_the_focus_is_what_the_question_word_belongs_to(text, language, expected):
    assert read_question(text, language).focus == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Who mows the lawns?", "en", ("Who mows the lawns?",)),
        ("Who mows? And who pays?", "en", ("Who mows?", "And who pays?")),
        ("Lawns grow. Who mows? Who pays?", "en", ("Lawns grow. Who mows?", "Lawns grow. Who pays?")),
        ("Who mows the lawns, and how tall is the grass?", "en", ("Who mows the lawns", "how tall is the grass?")),
        ("Who mows the lawns; and when are they mown?", "en", ("Who mows the lawns", "when are they mown?")),
        ("Are the lawns mown, or are they left alone?", "en", ("Are the lawns mown, or are they left alone?",)),
        ("Who mows the lawns, and how?", "en", ("Who mows the lawns, and how?",)),
        ("Who mows the lawns and how tall is the grass?", "en", ("Who mows the lawns and how tall is the grass?",)),
        ("Who mows the lawns, and the parks of the city?", "en", ("Who mows the lawns, and the parks of the city?",)),
        ("Hvem slår græsset, og hvornår skal det slås?", "da", ("Hvem slår græsset", "hvornår skal det slås?")),
        ("Hvem klipper gresset, og når må det klippes?", "nb", ("Hvem klipper gresset", "når må det klippes?")),
        ("Vem klipper gräset, och när ska det klippas?", "sv", ("Vem klipper gräset", "när ska det klippas?")),
        ("Tell me who mows, and who pays for it.", "en", ("Tell me who mows, and who pays for it.",)),
        ("", "en", ("",)),
    ],
    ids=[
        "one",
        "two-sentences",
        "with-what-they-are-about",
        "two-clauses",
        "semicolon",
        "alternative",
        "turn-of-phrase",
        "no-comma",
        "no-question-word",
        "da",
        "nb",
        "sv",
        "no-question-mark",
        "empty",
    ],
)
def test_a_question_consists_of_its_sentences_and_clauses_that_ask(text, language, expected):
    assert parts(text, language) == expected


def test_an_empty_question_asks_for_a_fact_and_nothing_more():
    assert read_question("", "en") == Asked("", "en", "fact", None, (), (), ("",))


HOLDS = {
    "number": (("7 cm", "twice a day", "fem gange", "halvparten"), ("tall grass", "")),
    "share": (("7 %", "one in five", "hälften", "tre av fire"), ("7 people", "")),
    "money": (("€7", "5 mio. kr", "tusen kronor", "two million"), ("7 people", "1000")),
    "date": (("in 2017", "i marts", "March"), ("7 people", "in 12345")),
    "duration": (("7 years", "two weeks", "to uger", "fem dager"), ("years", "soon")),
    "person": (("Jos de Blok", "Ardern said Anna Berg"), ("the manager", "Oslo")),
    "place": (("in Oslo", "de kom, Åre først"), ("the town", "Oslo")),
    "reason": (("anything", ""), ()),
    None: (("anything", ""), ()),
}


@pytest.mark.parametrize(
    ("want", "text", "held"),
    [
        pytest.param(want, text, held, id=f"{want}-{held:.0f}-{text}")
        for want, examples in HOLDS.items()
        for held, texts in zip((1.0, 0.0), examples, strict=True)
        for text in texts
    ],
)
def test_a_text_holds_what_is_wanted_or_not(want, text, held):
    assert holding(want, text) == held


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is trust? Which municipalities have tried it?", ("What is trust?",)),
        ("Which municipalities have tried it? What did it cost?", ("What did it cost?",)),
        ("Which municipalities have tried it, and what did it cost?", ()),
        ("Which municipalities have tried it? Which hospitals have tried it?", ()),
        ("We have nurses. Which municipalities have tried it?", ()),
        ("Show me cases from Norway. Thanks.", ()),
        ("What is trust? What did it cost?", ()),
    ],
)
def test_what_else_a_search_for_cases_asks_is_left_out_by_its_cards(text, expected):
    assert left_out(read_question(text, "en")) == expected

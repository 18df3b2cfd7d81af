"""Questions and documents are known to be in one of our languages, or in none."""

from __future__ import annotations

import gzip
import json

import pytest

from kb.language import STAYS, detect, detect_document, features, scores, train
from kb.vocabulary import LANGUAGES

GERMAN = (
    "Die Verwaltung vertraut ihren Beschäftigten und gibt ihnen mehr Spielraum. Wer näher an den Menschen arbeitet, "
    "weiß oft am besten, was sie brauchen, und soll darüber auch entscheiden dürfen."
)
FINNISH = (
    "Luottamukseen perustuva johtaminen antaa työntekijöille enemmän tilaa tehdä päätöksiä itse. Kunnissa on kokeiltu "
    "uusia tapoja järjestää kotihoitoa pienissä tiimeissä, jotka suunnittelevat työnsä."
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_of_the_documents_are_known_in_99_of_100(shipped_groups, language):
    questions = [
        question
        for group in shipped_groups
        for document in group
        if document.language == language
        for question in document.questions
    ]
    known = sum(1 for question in questions if detect(question) == language)
    assert known / len(questions) >= 0.99


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is trust?", "en"),
        ("Hvad er tillid?", "da"),
        ("Hva er tillit?", "nb"),
        ("Vad är tillit?", "sv"),
        ("How did it go?", "en"),
        ("Hvordan gik det?", "da"),
        ("Hvordan gikk det?", "nb"),
        ("Hur gick det?", "sv"),
        ("leadership", "en"),
        ("medarbejdere", "da"),
        ("medarbeidere", "nb"),
        ("ledarskap", "sv"),
        ("VARFÖR?", "sv"),
    ],
)
def test_a_short_question_is_enough(question, language):
    assert detect(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "Korleis kan leiarar vise tillit til dei tilsette?",
        "Kvifor er det så mykje skjema i kommunen?",
        "Kva er tillitsreforma?",
    ],
)
def test_nynorsk_is_read_with_the_bokmal_texts(question):
    assert detect(question) == "nb"


@pytest.mark.parametrize("text", ["", "?", "2016", "12 %", "ქართული"])
@pytest.mark.parametrize("default", LANGUAGES)
def test_where_nothing_tells_the_default_holds(text, default):
    assert detect(text, default) == default


def test_english_is_the_default():
    assert detect("2016") == "en"


def test_the_default_does_not_count_where_something_tells():
    assert detect("Hvad er tillid?", "sv") == "da"


@pytest.mark.parametrize("text", [GERMAN, FINNISH], ids=["german", "finnish"])
def test_a_document_in_another_language_is_in_none_of_ours(text):
    assert detect_document(text) == "und"


def test_a_document_in_our_languages_is_known(shipped_groups):
    documents = [document for group in shipped_groups[::6] for document in group]
    assert [document.id for document in documents if detect_document(document.text) != document.language] == []


def test_a_few_words_are_never_in_none_of_our_languages():
    assert detect_document("Die Verwaltung vertraut") in LANGUAGES


def test_features_are_words_and_their_n_grams():
    assert list(features("Å gå 2")) == [" å", "^å", "å$", "^å$", " gå", "^g", "gå", "å$", "^gå", "gå$", "^gå$"]


def test_more_of_a_language_makes_it_likelier():
    once, twice = scores("tillid"), scores("tillid tillid")
    assert twice == {language: pytest.approx(2 * once[language]) for language in LANGUAGES}


def test_profiles_count_what_is_seen_often_enough_and_are_the_same_each_time():
    texts = {"en": ["the the the"], "da": ["de the"], "nb": ["de"], "sv": ["de"]}
    stored = json.loads(gzip.decompress(train(texts)))
    assert train(texts) == train(texts)
    assert stored["sizes"] == [30, 17, 7, 7]
    assert stored["counts"][" the"] == [3, 1, 0, 0]
    assert " de" not in stored["counts"]


def test_a_turn_stays_in_the_language_of_its_conversation_unless_it_is_clearly_in_another():
    assert detect("Ulemper?", default="da") == "nb"
    assert detect("Ulemper?", default="da", margin=STAYS) == "da"
    assert detect("Hva kostet det?", default="da", margin=STAYS) == "nb"
    assert detect("What did it cost?", default="da", margin=STAYS) == "en"

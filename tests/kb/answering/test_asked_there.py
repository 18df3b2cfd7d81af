"""What is always answered, what the glossary adds, and what a part that nothing speaks to is called."""

from __future__ import annotations

import pytest

from kb.vocabulary import LANGUAGES
from kb.words.glossary import load_glossary
from tests.kb.library import reopened

RHYTHM = "Which rhythm did the gardeners on Bornholm follow?"


def own_questions(small_kb, language: str) -> list[str]:
    document = small_kb.document("dk-bornholm-mowing-by-result", language)[0]
    return list(document.questions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_a_document_says_it_answers_is_not_refused(small_kb, language):
    strict = reopened(small_kb, support=1.0, support_by_words=1.0)
    for question in own_questions(small_kb, language):
        for asked in (question, question.upper().rstrip("?"), f" {question} "):
            answer = strict.ask(asked, language=language)
            assert (answer.status, answer.support) == ("answered", 1.0)
    assert strict.ask("Which rhythm had the gardeners on Bornholm once?").status == "refused"


DEFINITIONS = {
    "en": ("What is trust-based governance?", "In the glossary: "),
    "da": ("Hvad er tillidsbaseret styring?", "I ordlisten: "),
    "nb": ("Hva er tillitsbasert styring?", "I ordlisten: "),
    "sv": ("Vad är tillitsbaserad styrning?", "I ordlistan: "),
}


@pytest.mark.parametrize("language", DEFINITIONS)
def test_the_glossary_defines_what_a_question_asks_the_meaning_of(small_kb, language):
    question, opening = DEFINITIONS[language]
    answer = reopened(small_kb, support=0.0, support_by_words=0.0).ask(question)
    texts = {concept.definition(language) for concept in load_glossary().concepts}
    assert answer.type == "definition"
    assert answer.definitions
    assert all(line.startswith(opening) and line.split(" – ", 1)[1] in texts for line in answer.definitions)


def test_other_questions_get_no_definition(small_kb):
    answer = small_kb.ask(RHYTHM)
    assert answer.definitions == ()


def test_a_follow_up_that_names_another_country_is_kept_to_that_alone(small_kb):
    open_to_all = reopened(small_kb, support=0.0, support_by_words=0.0)
    answer = open_to_all.ask("Which Swedish municipalities govern with trust?", "And which Danish municipalities?")
    assert dict(answer.trace)["kept to"] == "DK"
    assert {source.country for source in answer.sources} == {"DK"}


def test_a_search_for_cases_is_kept_to_the_years_that_are_named(small_kb):
    open_to_all = reopened(small_kb, support=0.0, support_by_words=0.0)
    years = {source.year for source in open_to_all.ask("Which municipalities govern with trust?").sources}
    answer = open_to_all.ask("Which municipalities have governed with trust since 2018?")
    assert dict(answer.trace)["kept to"] == "2018–"
    assert {source.year for source in answer.sources} == {year for year in years if year and year >= 2018}


def test_a_search_for_cases_that_asks_for_more_is_answered_in_part(small_kb):
    open_to_all = reopened(small_kb, support=0.0, support_by_words=0.0)
    answer = open_to_all.ask("Which municipalities govern with trust? What did it cost?")
    assert (answer.type, answer.status, answer.unanswered) == ("cases", "partial", ("What did it cost?",))

"""What a term means: sentences that say it, documents that introduce it, and the glossary."""

from __future__ import annotations

import pytest

from kb.answering.defining import glossary_says, introducing, meaning
from kb.answering.question import read_question
from kb.vocabulary import LANGUAGES
from kb.words.glossary import load_glossary
from kb.words.terms import understand
from tests.kb.answering.texts import document_of, wanted
from tests.kb.library import reopened

ASKED = "What is a mowing contract?"


def says(text: str, question: str = ASKED, language: str = "en") -> float:
    return meaning(read_question(question, language), wanted(question, language), text, language)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("A mowing contract is an agreement on grass.", 1.0),
        ("The authors define the mowing contract by what it leaves open.", 1.0),
        ("The mowing contract was signed in May.", 0.0),
        ("The mowing contract was signed. Trust is a feeling.", 0.0),
        ("A contract is a promise.", 0.5),
    ],
    ids=["is-a", "define", "no-meaning", "another-sentence", "half-of-it"],
)
def test_a_sentence_says_what_the_terms_in_it_mean(text, share):
    assert says(text) == pytest.approx(share, abs=0.2 if share == 0.5 else 1e-9)


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("Hvad betyder kerneopgaven?", "da", "Kerneopgaven forstås som det, borgerne er der for."),
        ("Hva menes med faglig skjønn?", "nb", "Faglig skjønn betyr å vurdere selv."),
        ("Vad menas med minutstyrning?", "sv", "Minutstyrning innebär att varje besök mäts."),
    ],
)
def test_meanings_are_told_in_every_language(question, language, text):
    assert says(text, question, language) > 0.4


def test_only_what_asks_for_a_meaning_is_compared():
    other = "Who wrote the mowing contract?"
    assert says("A mowing contract is an agreement.", other) == 0.0
    asked, document = read_question(other, "en"), document_of("# A mowing contract\n\nText.", title="A mowing contract")
    assert introducing(asked, wanted(other, "en"), document) == 0.0


def test_a_document_introduces_what_its_title_names():
    asked = read_question(ASKED, "en")
    shares = [
        introducing(asked, wanted(ASKED, "en"), document_of("# X\n\nText.", title=title))
        for title in ("The mowing contract of Bornholm", "Contracts", "Home care")
    ]
    assert shares[0] == 1.0 > shares[1] > shares[2] == 0.0


def told(question: str, language: str = "en", answer_language: str | None = None) -> tuple[str, ...]:
    understanding = understand(question, language, LANGUAGES, glossary=load_glossary())
    return glossary_says(read_question(question, language), understanding, answer_language or language)


def test_the_glossary_says_what_the_term_means_that_is_asked_for():
    (line,) = told("What is a trust reform?")
    assert line.startswith("In the glossary: trust reform – A reform ")
    (line,) = told("What is a trust reform?", answer_language="da")
    assert line.startswith("I ordlisten: tillidsreform – En reform")


@pytest.mark.parametrize(
    "question",
    ["What is a high-reliability organization?", "Which municipality had a trust reform?", "What is a lawn mower?"],
    ids=["a-word-in-passing", "no-meaning-asked", "no-term"],
)
def test_the_glossary_is_silent_on_the_rest(question):
    assert told(question) == ()


def test_a_refusal_still_says_what_the_glossary_knows(small_kb):
    strict = reopened(small_kb, support=1.0, support_by_words=1.0)
    answer = strict.ask("What is New Public Management?")
    assert answer.status == "refused"
    assert answer.definitions[0].startswith("In the glossary: New Public Management – ")

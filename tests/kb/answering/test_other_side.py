"""What may qualify an answer: caveats of what is quoted, then of others, then documents of another stance."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from kb.answering.candidates import Read
from kb.answering.other_side import ASKED_WORDS, OTHER_DOCUMENT, OWN_SHARE, other_side
from kb.answering.question import cue
from kb.answering.quoting import Quote
from kb.answering.ranking import Ranked
from kb.vocabulary import LANGUAGES
from tests.kb.answering.texts import candidate, document_of, ranked_of, read_of, says, sentence, texts

CASE = (
    "# A case\n\nTrust was tried.\n\n## Result\n\nTrust worked.\n\n## Caveats\n\nNobody measured the cost.\n\n"
    "The nurses were few.\n"
)
OPENING, RESULT, COST, NURSES = 1, 3, 5, 6
"""The numbers of the blocks of the case but headings."""


def case(text: str = CASE, document_id: str = "no-a-case", **fields: str) -> Read:
    return read_of(document_of(text, id=document_id, **fields))


def quote(read: Read, number: int) -> Quote:
    block = read.blocks[number]
    return Quote(read.document, read.blocks, number, number, block.start, block.end)


def beside(
    ranked: Sequence[Ranked], *chosen: Quote, asked_for: bool = False, room: int = 200, words: Sequence[str] = ()
) -> list[str]:
    """Return what may qualify an answer that quotes `chosen`."""
    return texts(other_side(ranked, chosen, says(*words), "What worked?", asked_for, room))


def test_of_nothing_nothing_qualifies_an_answer():
    assert beside([]) == []


def test_the_likeliest_caveat_of_what_is_quoted_qualifies_an_answer():
    read = case()
    assert beside(ranked_of((read, (0.4, 0.3, 0.1, 0.2))), quote(read, RESULT)) == ["The nurses were few."]


def test_of_caveats_that_are_as_likely_the_first_qualifies_an_answer():
    read = case()
    assert beside(ranked_of((read, (0.4, 0.3, 0.1, 0.1))), quote(read, RESULT)) == ["Nobody measured the cost."]


@pytest.mark.parametrize(("share", "found"), [(OWN_SHARE, True), (0.9 * OWN_SHARE, False)], ids=["near", "far"])
def test_a_caveat_of_what_is_quoted_has_to_be_near_unless_objections_are_asked_for(share, found):
    read = case(CAVEAT)
    ranked = [Ranked(candidate(case(), RESULT), 1.0), Ranked(candidate(read, 1), share)]
    assert beside(ranked, quote(case(), RESULT)) == ["Nobody believes it."][:found]
    assert beside(ranked, quote(case(), RESULT), asked_for=True) == ["Nobody believes it."]


def test_what_the_answer_quotes_does_not_qualify_it_again():
    read = case()
    ranked = ranked_of((read, (0.1, 0.1, 0.4, 0.3)))
    assert beside(ranked, quote(read, COST)) == ["The nurses were few."]
    assert beside(ranked, quote(read, COST), quote(read, NURSES)) == []


@pytest.mark.parametrize("fields", [{"kind": "unknown"}, {"language": "da"}], ids=["own-document", "other-language"])
def test_only_sections_of_a_known_role_qualify_an_answer(fields):
    read = case(**fields)
    assert beside(ranked_of((read, (0.4, 0.3, 0.2, 0.1))), quote(read, RESULT)) == []


@pytest.mark.parametrize(("kind", "heading"), [("case", "Caveats"), ("report", "Limits"), ("principle", "Objections")])
def test_caveats_limits_and_objections_qualify_an_answer(kind, heading):
    read = case(f"Trust worked.\n\n## {heading}\n\nNobody measured it.", kind=kind)
    assert beside(ranked_of((read, (0.9, 0.1))), quote(read, 0)) == ["Nobody measured it."]


CAVEAT = "## Caveats\n\nNobody believes it."


@pytest.mark.parametrize(
    ("share", "document", "found"),
    [(1.0, 0.0, True), (0.99, 0.0, False), (2.0, -OTHER_DOCUMENT, False), (2.0, 0.01 - OTHER_DOCUMENT, True)],
    ids=["near", "unlikely", "far", "just-near"],
)
@pytest.mark.parametrize(("asked_for", "least"), [(False, 0.05), (True, 0.01)], ids=["by-the-way", "asked-for"])
def test_a_caveat_of_another_document_needs_to_be_likely_and_its_document_near(
    asked_for, least, share, document, found
):
    read, other = case("Trust worked."), case(CAVEAT, "no-b-case")
    ranked = [Ranked(candidate(read, 0), 0.5), Ranked(candidate(other, 1, {"document": document}), share * least)]
    assert beside(ranked, quote(read, 0), asked_for=asked_for) == ["Nobody believes it."][:found]


def test_caveats_of_what_is_quoted_come_before_likelier_ones_of_others():
    read, other = case(), case(CAVEAT, "no-b-case")
    ranked = ranked_of((read, (0.4, 0.1, 0.05, 0.01)), (other, (0.3,)))
    assert beside(ranked, quote(read, OPENING), asked_for=True) == [
        "Nobody measured the cost.",
        "The nurses were few.",
        "Nobody believes it.",
    ]


@pytest.mark.parametrize(
    ("quoted", "other", "found"),
    [
        ("supportive", "critical", True),
        ("mixed", "critical", True),
        ("critical", "critical", False),
        ("critical", "supportive", True),
        ("mixed", "supportive", True),
        ("supportive", "supportive", False),
        ("supportive", "mixed", False),
        ("critical", "unknown", False),
    ],
)
def test_a_document_of_another_stance_qualifies_an_answer(quoted, other, found):
    read, differing = case("Trust worked.", stance=quoted), case("Nothing changed.", "no-b-case", stance=other)
    assert beside(ranked_of((read, (0.6,)), (differing, (0.4,))), quote(read, 0)) == ["Nothing changed."][:found]


def test_an_answer_that_quotes_both_stances_is_qualified_by_neither():
    reads = [case(f"{stance}.", stance, stance=stance) for stance in ("supportive", "critical")]
    more = case("More.", "more", stance="critical")
    ranked = ranked_of(*((read, (0.3,)) for read in (*reads, more)))
    assert beside(ranked, *(quote(read, 0) for read in reads)) == []


def test_a_document_of_another_stance_that_is_unlikely_does_not_qualify_an_answer():
    read, differing = (
        case("Trust worked.", stance="supportive"),
        case("Nothing changed.", "no-b-case", stance="critical"),
    )
    assert beside(ranked_of((read, (0.6,)), (differing, (0.01,))), quote(read, 0)) == []


def test_caveats_come_before_other_stances():
    read, other = case("Trust worked.", stance="supportive"), case(CAVEAT, "no-b-case")
    differing = case("Nothing changed.", "no-c-case", stance="critical")
    ranked = ranked_of((read, (0.5,)), (differing, (0.3,)), (other, (0.2,)))
    assert beside(ranked, quote(read, 0), asked_for=True) == ["Nobody believes it.", "Nothing changed."]


def test_one_quote_is_enough_unless_objections_were_asked_for():
    read = case()
    ranked = ranked_of((read, (0.4, 0.3, 0.2, 0.1)))
    both = ["Nobody measured the cost.", "The nurses were few."]
    assert [beside(ranked, quote(read, RESULT), asked_for=asked_for) for asked_for in (False, True)] == [both[:1], both]


@pytest.mark.parametrize(
    ("room", "expected"),
    [(8, ["Nobody measured the cost.", "The nurses were few."]), (4, ["Nobody measured the cost."]), (0, []), (-1, [])],
)
def test_what_qualifies_an_answer_is_within_its_room(room, expected):
    read = case()
    assert beside(ranked_of((read, (0.4, 0.3, 0.2, 0.1))), quote(read, RESULT), asked_for=True, room=room) == expected


@pytest.mark.parametrize(("asked_for", "sentences"), [(False, 5), (True, 11)], ids=["of-25-words", "of-55-words"])
def test_a_long_caveat_is_shortened_to_its_first_sentences_where_none_says_more(asked_for, sentences):
    caveat = [sentence(5, f"part{number}") for number in range(30)]
    read = case(f"Trust worked.\n\n## Caveats\n\n{' '.join(caveat)}")
    shown = beside(ranked_of((read, (0.9, 0.1))), quote(read, 0), asked_for=asked_for)
    assert shown == [" ".join(caveat[:sentences])]


def test_a_long_caveat_is_shortened_to_the_sentences_that_score_best():
    best = sentence(16, "cost")
    read = case(f"Trust worked.\n\n## Caveats\n\n{sentence(60)} {best} {sentence(60)}")
    assert beside(ranked_of((read, (0.9, 0.1))), quote(read, 0), words=["cost"]) == [best]


def test_many_caveats_are_quoted_within_the_words_of_an_other_side():
    reads = [case(f"## Caveats\n\n{sentence(35, str(number))}", str(number)) for number in range(5)]
    found = beside(ranked_of(*((read, (0.2,)) for read in reads)), asked_for=True)
    assert [len(text.split()) for text in found] == [35] * (ASKED_WORDS // 35)


@pytest.mark.parametrize("asked_for", [False, True])
@pytest.mark.parametrize("back", ["It was dear.", "Others left."])
def test_a_caveat_that_points_back_does_not_qualify_an_answer(back, asked_for):
    read = case(f"Trust worked.\n\n## Caveats\n\n{back}\n\nNobody measured it.")
    ranked = ranked_of((read, (0.5, 0.3, 0.2)))
    assert beside(ranked, quote(read, 0), asked_for=asked_for) == ["Nobody measured it."]


def test_a_caveat_that_somebody_is_introduced_for_elsewhere_stands_where_objections_are_asked_for():
    berg, plain = "Berg’s own count is rough.", "Nobody measured it."
    read = case(f"Trust worked.\n\nThe council asked Tina Berg.\n\n## Caveats\n\n{berg}\n\n{plain}")
    ranked = ranked_of((read, (0.4, 0.2, 0.3, 0.1)))
    assert beside(ranked, quote(read, 0)) == [plain]
    assert beside(ranked, quote(read, 0), quote(read, 1)) == [berg]
    assert beside(ranked, quote(read, 0), asked_for=True) == [berg, plain]


SECTIONS = {"en": "Caveats", "da": "Forbehold", "nb": "Forbehold", "sv": "Förbehåll"}
OF_THE_TEXT = {
    "en": "This summary rests on the opening part of the article.",
    "da": "Den del af artiklen, der er læst, oplyser ingen effekter.",
    "nb": "Sammendraget bygger på innledningen til artikkelen.",
    "sv": "Den del av artikeln som har lästs redovisar inga effekter.",
}
OF_THE_MATTER = {
    "en": "Nurses read the summaries of their talks, and not all were asked.",
    "da": "Sygeplejerskerne læste deres egne resuméer, og ikke alle blev spurgt.",
    "nb": "Sykepleierne leste sine egne sammendrag, og ikke alle ble spurt.",
    "sv": "Sjuksköterskorna läste sina egna sammanfattningar, och inte alla tillfrågades.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cue_tells_a_sentence_on_the_text_from_one_on_the_matter(language):
    told = [bool(re.search(cue("of-the-text", language), t[language], re.I)) for t in (OF_THE_TEXT, OF_THE_MATTER)]
    assert told == [True, False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_speaks_of_the_summary_itself_does_not_qualify_an_answer(language):
    caveats = f"{OF_THE_TEXT[language]}\n\n{OF_THE_MATTER[language]}"
    read = case(f"One.\n\n## {SECTIONS[language]}\n\n{caveats}", language=language)
    ranked = ranked_of((read, (0.5, 0.3, 0.2)))
    for asked_for in (False, True):
        assert beside(ranked, quote(read, 0), asked_for=asked_for) == [OF_THE_MATTER[language]]


def test_what_speaks_of_the_summary_in_a_sentence_that_is_not_quoted_may_qualify_an_answer():
    matter = sentence(30, "cost")
    read = case(f"One.\n\n## Caveats\n\n{matter} {OF_THE_TEXT['en']}")
    ranked = ranked_of((read, (0.5, 0.3)))
    assert beside(ranked, quote(read, 0), words=["cost"]) == [matter]
    assert beside(ranked, quote(read, 0), words=["summary"]) == []


def test_what_another_document_says_as_well_does_not_qualify_an_answer():
    said = "Nobody measured the cost of trust in the nine schools of the town."
    read, other = case(said), case(f"## Caveats\n\n{said}\n\nNobody believes it.", "no-b-case")
    ranked = ranked_of((read, (0.5,)), (other, (0.3, 0.2)))
    assert beside(ranked, quote(read, 0)) == ["Nobody believes it."]

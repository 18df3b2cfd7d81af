"""An answer is quotes, each matched with its document, in the form that the question asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.service import Workshop, build
from kb.answering import answerer, citing, other_side
from kb.answering.citing import LEFT_OUT
from kb.errors import CitationError
from kb.knowledge_base import KnowledgeBase
from kb.records import Answer, Citation
from kb.settings import load_settings
from kb.shipped import sha256_of
from kb.store.catalogue import find_document, open_catalogue
from kb.vocabulary import LANGUAGES, section_role
from tests.kb.answering.texts import sentence
from tests.kb.library import reopened, write_document

BORNHOLM, TOMELILLA = "dk-bornholm-mowing-by-result", "se-tomelilla-trust-based-governance"
BUURTZORG = "int-nl-buurtzorg"
MOWING = "Mowing by result instead of by calendar in Bornholm"
GRASS = {
    "en": "How tall does the grass have to be on Bornholm before it must be cut?",
    "da": "Hvor højt skal græsset være på Bornholm, før det skal slås?",
    "nb": "Hvor høyt må gresset være på Bornholm før det skal klippes?",
    "sv": "Hur högt ska gräset vara på Bornholm innan det måste klippas?",
}
HEIGHT = {"en": "7 cm high", "da": "7 cm højt", "nb": "7 cm høyt", "sv": "7 cm högt"}
RHYTHM = "Which rhythm did the gardeners on Bornholm follow?"
OTHER_TASKS = "What does OAO report of other tasks on Bornholm?"
MONDAYS = "Bornholm's gardeners used to follow a fixed weekly rhythm: lawns had to be cut every Monday and Friday."
NURSES = "And how many nurses does Buurtzorg have?"
TWO = f"{RHYTHM} {NURSES}"
UNKNOWN = "And what does the spaceship football zebra cost?"
ASKED = {
    "fact": RHYTHM,
    "list": "Which tasks of the gardeners on Bornholm does OAO name?",
    "cases": "Which Swedish municipalities govern with trust?",
    "comparison": "What is the difference between Bornholm and Tomelilla?",
    "definition": "What is Buurtzorg?",
    "objections": "What are the caveats of the grass of Bornholm, and is it easy to measure?",
    "how-to": "How can we follow the rhythm of the gardeners on Bornholm?",
}
"""A question of each type that the six documents answer."""


def citations(answer: Answer) -> list[Citation]:
    return [c for statement in (*answer.statements, *answer.other_side) for c in statement.citations]


def quotes_match(kb: KnowledgeBase, answer: Answer) -> bool:
    """Tell whether every statement is its quotes and signs for items, and every quote the text at its offsets."""
    for statement in (*answer.statements, *answer.other_side):
        for citation in statement.citations:
            found = kb.document(citation.document_id, citation.language)
            if found is None or found[0].text[citation.start : citation.end] != citation.quote:
                return False
            if sha256_of(found[0].text) != citation.sha256:
                return False
        lines = [line for line in statement.text.split("\n") if line != LEFT_OUT]
        if "\n".join(lines) != "\n".join(citation.quote for citation in statement.citations):
            return False
    return True


def words_of(answer: Answer) -> int:
    return sum(len(statement.text.split()) for statement in (*answer.statements, *answer.other_side))


def sources(answer: Answer) -> list[str]:
    return [source.id for source in answer.sources]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_answered_in_its_language(small_kb, language):
    answer = small_kb.ask(GRASS[language])
    assert (answer.status, answer.language, answer.refusal) == ("answered", language, None)
    assert (answer.question, answer.understood, answer.unanswered) == (GRASS[language], None, ())
    assert HEIGHT[language] in answer.text
    title, quotes = small_kb.document(BORNHOLM, language)[0].title, "\n\n".join(s.text for s in answer.statements)
    assert answer.text == f"{title}\n{quotes}"
    assert [(source.id, source.language) for source in answer.sources] == [(BORNHOLM, language)]


@pytest.mark.parametrize("asked", ASKED)
def test_every_quote_is_the_text_at_its_offsets_in_every_language(small_kb, asked):
    for language in LANGUAGES:
        answer = small_kb.ask(ASKED[asked], language="en", answer_language=language)
        assert (answer.status, answer.type) == ("answered", asked)
        assert {citation.language for citation in citations(answer)} == {language}
        assert quotes_match(small_kb, answer)
        assert sources(answer) == list(dict.fromkeys(citation.document_id for citation in citations(answer)))


@pytest.mark.parametrize("answer_language", LANGUAGES)
@pytest.mark.parametrize("max_words", [80, 110, 420])
def test_an_answer_with_its_other_side_is_within_the_words_that_are_set(small_kb, max_words, answer_language):
    kb = reopened(small_kb, max_words=max_words)
    for question in (*ASKED.values(), TWO):
        assert 0 < words_of(kb.ask(question, language="en", answer_language=answer_language)) <= max_words


def test_two_questions_that_long_lists_answer_are_answered_with_what_has_room(embedder, plain_weights, tmp_path):
    for matter in ("owls", "foxes"):
        items = "\n".join(f"- {matter} {sentence(17)}" for _ in range(6))
        write_document(tmp_path / "documents", f"int-{matter}", f"The {matter} want:\n\n{items}")
    build(Workshop(tmp_path / "data", embedder), tmp_path / "documents")
    kb, quoted = KnowledgeBase(load_settings(data=tmp_path / "data"), embedder), {}
    for max_words in (80, 116, 117, 233, 234):
        answer = reopened(kb, max_words=max_words).ask("What do the owls want? And what do the Foxes want?")
        quoted[max_words] = [len(statement.text.split()) for statement in answer.statements]
    assert quoted == {80: [23, 23], 116: [23, 23], 117: [23, 23], 233: [23, 23], 234: [117, 117]}


@pytest.mark.parametrize("answer_language", LANGUAGES)
def test_an_answer_in_another_language_quotes_the_same_blocks(small_kb, answer_language):
    asked, answer = small_kb.ask(GRASS["en"]), small_kb.ask(GRASS["en"], answer_language=answer_language)
    blocks = [[(c.document_id, c.block_first, c.block_last) for c in citations(each)] for each in (asked, answer)]
    assert blocks[0] == blocks[1]
    assert HEIGHT[answer_language] in answer.text
    assert (answer.language, answer.question) == (answer_language, GRASS["en"])


def test_a_document_that_does_not_stand_in_the_language_is_quoted_in_its_own(library_kb):
    answer = library_kb.ask("Where does the orchard keep bees?", answer_language="sv")
    assert (answer.status, answer.language) == ("answered", "sv")
    assert {citation.language for citation in citations(answer)} == {"en"}


def test_a_translation_that_does_not_align_is_not_quoted(small_kb):
    connection = open_catalogue(small_kb.data)
    connection.execute(f"DELETE FROM blocks WHERE document = {find_document(connection, BORNHOLM, 'da').key}")
    connection.close()
    answer = small_kb.ask(RHYTHM, answer_language="da")
    assert (answer.language, answer.text) == ("da", f"{MOWING}\n{MONDAYS}")
    assert {citation.language for citation in citations(answer)} == {"en"}
    assert quotes_match(small_kb, answer)


@pytest.mark.parametrize("answer_language", ["en", "da"])
def test_the_other_side_is_a_caveat_of_the_best_document(small_kb, answer_language, monkeypatch):
    monkeypatch.setattr(other_side, "OWN_SHARE", 0.0)
    answer = small_kb.ask("What came of mowing by result on Bornholm?", answer_language=answer_language)
    ((citation,),) = [statement.citations for statement in answer.other_side]
    document, blocks = small_kb.document(citation.document_id, answer_language)
    assert document.id == BORNHOLM
    assert section_role(blocks[citation.block_first].headings[-1], document.kind, answer_language) == "caveat"


def test_what_the_answer_quotes_is_not_its_other_side_as_well(small_kb):
    answer = small_kb.ask("Is the grass of Bornholm easy to measure?")
    assert "Grass of 7 cm is easy to measure" in answer.text
    assert answer.other_side == ()


@pytest.mark.parametrize(
    ("question", "filters", "countries"),
    [
        ("Which Swedish municipalities govern with trust?", {}, {"SE"}),
        ("Which Swedish municipalities govern with trust?", {"country": "DK"}, {"DK"}),
        ("Which Swedish municipalities govern with trust?", {"kind": "case"}, {"SE"}),
        ("Which municipalities govern with trust?", {}, {"SE", "DK", "NO", "NL"}),
        ("Which municipalities outside Sweden govern with trust?", {}, {"SE", "DK", "NO", "NL"}),
        ("Which Finnish municipalities govern with trust?", {}, {"SE", "DK", "NO", "NL"}),
    ],
    ids=["named", "chosen-by-hand", "other-filters", "none", "left-out", "without-a-document"],
)
def test_cases_are_of_the_country_that_the_question_names(small_kb, question, filters, countries):
    answer = reopened(small_kb, support=0.0).ask(question, filters=filters)
    assert answer.type == "cases"
    assert {source.country for source in answer.sources} == countries


@pytest.mark.parametrize(
    ("question", "language", "notes"),
    [
        (RHYTHM, "en", ("This rests on experience alone: no research or evaluation is quoted.",)),
        (RHYTHM, "da", ("Dette bygger kun på erfaring: ingen forskning eller evaluering er citeret.",)),
        (TWO, "en", ()),
        ("What does Timbro say about measuring?", "en", ()),
        (f"{RHYTHM} {UNKNOWN}", "en", ("This rests on experience alone: no research or evaluation is quoted.",)),
    ],
    ids=["experience", "in-another-language", "with-an-evaluation", "research", "half-answered"],
)
def test_an_answer_says_where_it_rests_on_experience_alone(small_kb, question, language, notes):
    answer = small_kb.ask(question, answer_language=language)
    assert (answer.status != "refused", answer.notes) == (True, notes)


def test_each_of_two_questions_is_answered_in_turn(small_kb):
    answer = small_kb.ask(TWO)
    assert (answer.status, answer.unanswered) == ("answered", ())
    assert answer.statements[0].text == MONDAYS
    cited = [statement.citations[0].document_id for statement in answer.statements]
    assert cited == [BORNHOLM, *[BUURTZORG] * (len(cited) - 1)]
    assert BUURTZORG in cited


@pytest.mark.parametrize("first", [0, 1], ids=["the-better-first", "the-better-last"])
def test_the_support_of_two_questions_is_that_of_the_better_supported(small_kb, first):
    parts = (RHYTHM, "And how many nurses and zebras does Buurtzorg have?")
    kb = reopened(small_kb, support=0.0)
    better, worse = (kb.ask(part).support for part in parts)
    answer = kb.ask(f"{parts[first]} {parts[1 - first]}")
    assert (answer.status, worse < better, answer.support) == ("answered", True, better)
    assert dict(answer.trace)["support"] == f"{better:.2f}"


@pytest.mark.parametrize("asked", ["Why?", "And why?", "Who mows?", "?!"])
def test_hundreds_of_questions_at_once_are_one(small_kb, asked):
    question = " ".join([RHYTHM, *[asked] * 300])[:2000]
    answer = small_kb.ask(question, language="en")
    assert (answer.question, answer.unanswered) == (question, ())
    assert "part" not in dict(answer.trace)


def test_what_is_found_on_both_questions_is_quoted_once(small_kb):
    answer = small_kb.ask(f"{RHYTHM} And what {RHYTHM.removeprefix('Which ')}")
    assert [statement.text for statement in answer.statements].count(MONDAYS) == 1


@pytest.mark.parametrize(
    ("question", "unanswered"),
    [(f"{RHYTHM} {UNKNOWN}", UNKNOWN), (f"{UNKNOWN} {RHYTHM}", UNKNOWN)],
    ids=["last", "first"],
)
def test_of_two_questions_the_one_that_nothing_was_found_on_is_told(small_kb, question, unanswered):
    answer = small_kb.ask(question)
    assert (answer.status, answer.refusal, answer.unanswered) == ("partial", None, (unanswered,))
    assert (answer.text, sources(answer)) == (f"{MOWING}\n{MONDAYS}", [BORNHOLM])
    assert answer.support == small_kb.ask(RHYTHM).support


@pytest.mark.parametrize(
    ("question", "status"),
    [(f"What does the zebra eat? {UNKNOWN}", "fact"), (f"Which municipalities keep a zebra? {UNKNOWN}", "cases")],
    ids=["neither-is-answered", "cases-are-not-parted"],
)
def test_where_nothing_is_supported_the_whole_is_refused(small_kb, question, status):
    answer = small_kb.ask(question)
    assert (answer.status, answer.type, answer.unanswered, answer.statements) == ("refused", status, (), ())


@pytest.mark.parametrize(
    ("turns", "understood", "source"),
    [
        (
            ("What did Bornholm do with the lawns?", "And what does OAO report of other tasks?"),
            "What did Bornholm do with the lawns? And what does OAO report of other tasks?",
            BORNHOLM,
        ),
        (
            ("How tall must the grass be on Bornholm?", "And how many nurses?"),
            "How tall must the grass be on Bornholm? And how many nurses?",
            BUURTZORG,
        ),
        (("What did Bornholm do with the lawns?", "How many nurses does Buurtzorg have?"), None, BUURTZORG),
        (("What did Bornholm do with the lawns?", "New topic: How many nurses does Buurtzorg have?"), None, BUURTZORG),
    ],
    ids=["same-matter", "something-new", "by-itself", "new-topic"],
)
def test_a_follow_up_is_understood_from_the_turn_before_where_it_needs_that(small_kb, turns, understood, source):
    answer = small_kb.ask(*turns)
    assert (answer.status, answer.question, answer.understood) == ("answered", turns[-1], understood)
    assert sources(answer)[0] == source


def test_a_follow_up_is_not_answered_with_what_was_asked_for_before(small_kb):
    turns = ("What of the rhythm on Bornholm?", "And other tasks?")
    first, second = small_kb.ask(turns[0]), small_kb.ask(*turns)
    assert MONDAYS in first.text
    assert MONDAYS not in second.text
    assert "had more time for other tasks" in second.text


@pytest.mark.parametrize("question", [RHYTHM, ASKED["comparison"], OTHER_TASKS], ids=["fact", "comparison", "other"])
def test_only_documents_that_pass_the_filters_are_quoted(small_kb, question):
    answer = reopened(small_kb, support=0.0).ask(question, filters={"country": ["SE", "NO"]})
    assert answer.status == "answered"
    assert {source.country for source in answer.sources} <= {"SE", "NO"}


@pytest.mark.parametrize(
    ("language", "setting"), [("en", "support"), ("da", "support_by_words")], ids=["by-a-model", "by-words-alone"]
)
@pytest.mark.parametrize(("threshold", "status"), [(0.0, "answered"), (1.0, "refused")])
def test_support_is_what_is_set_for_a_language_that_a_model_reads_or_does_not(
    small_kb, language, setting, threshold, status
):
    kb = reopened(small_kb, **{"support": 0.5, "support_by_words": 0.5, setting: threshold})
    answer = kb.ask("Bornholm spaceship football cup nurses", language=language)
    assert answer.status == status
    assert dict(answer.trace)["threshold"] == f"{threshold:.2f}"


def test_the_same_question_gives_the_same_answer_to_the_byte(small_kb):
    again = reopened(small_kb)
    for question in (*GRASS.values(), *ASKED.values(), TWO, UNKNOWN):
        first = repr(small_kb.ask(question))
        assert [repr(small_kb.ask(question)), repr(again.ask(question))] == [first, first]


def test_a_quote_that_does_not_match_is_never_shown(small_kb, monkeypatch):
    def misquote(document, blocks, start, end):
        return replace(citing.cite(document, blocks, start, end), quote="Something else.")

    monkeypatch.setattr(answerer, "cite", misquote)
    with pytest.raises(CitationError):
        small_kb.ask(GRASS["en"])


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_from_the_whole_knowledge_base_is_quoted_within_its_words(shipped_kb, shipped_groups, language):
    for group in shipped_groups[::40]:
        document = next(document for document in group if document.language == language)
        answer = shipped_kb.ask(document.questions[0], language=language)
        assert quotes_match(shipped_kb, answer)
        assert words_of(answer) <= shipped_kb.settings.max_words

"""`tillit kb check` finds each kind of problem in the questions of a document's blocks."""

from __future__ import annotations

import pytest

from kb.check import Problem, check_documents
from kb.shipped import stamp_translations
from tests.stored import write_questions

BORNHOLM = ("case", "dk-bornholm-mowing-by-result")
TABLE = "questions/case/dk-bornholm-mowing-by-result.tsv"
STALE = "is stale: read it with the English text, then run: tillit kb stamp dk-bornholm-mowing-by-result"
WHO = "Who?\tHvem?\tHvem da?\tVem?"
WHEN = "When?\tHvornår?\tNår?\tNär?"


def found(folder):
    return [(p.path.relative_to(folder).as_posix(), p.line, p.message) for p in check_documents(folder)]


@pytest.mark.parametrize(
    "rows",
    [(), (f"5\t{WHO}",), (f"5-11\t{WHO}", f"*\t{WHEN}"), (f"11\t{WHO}", f"5\t{WHEN}")],
    ids=["none", "one", "to-the-last-block", "any-order"],
)
def test_sound_questions_have_no_problem(documents, rows):
    write_questions(documents, *BORNHOLM, *rows)
    assert found(documents) == []


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ((f"5\t{WHO}", f"12\t{WHEN}"), [(4, "there is no block 12; the text has 12")]),
        ((f"5-99\t{WHO}", f"*\t{WHEN}"), [(3, "there is no block 99; the text has 12")]),
        ((f"6\t{WHO}",), [(3, "block 6 is a heading, which answers nothing")]),
        (
            (f"5\t{WHO}", "7\tWHO?\tHvorfor?\tHvorfor?\tVarför?"),
            [(2, "a question stands twice in 'en': who?")],
        ),
        (
            (f"5\t{WHO}", "*\tWhy?\tHvorfor?\tHvem da?\tVEM?"),
            [(2, "a question stands twice in 'nb': hvem da?"), (2, "a question stands twice in 'sv': vem?")],
        ),
        ((f"5\t{WHO}",) * 3, [(2, f"a question stands twice in '{code}': {text}") for code, text in (
            ("da", "hvem?"), ("en", "who?"), ("nb", "hvem da?"), ("sv", "vem?"))]),
    ],
    ids=["block", "end-of-range", "heading", "twice-in-one-language", "twice-in-two", "three-times-in-all"],
)  # fmt: skip
def test_each_problem_is_told_with_its_line(documents, rows, problems):
    write_questions(documents, *BORNHOLM, *rows)
    assert found(documents) == [(TABLE, line, message) for line, message in problems]


def test_the_same_words_in_two_languages_are_no_repeat(documents):
    write_questions(documents, *BORNHOLM, "5\tVad?\tVad?\tVad?\tVad?")
    assert found(documents) == []


def test_a_file_that_cannot_be_read_is_a_problem_of_its_own(documents):
    path = write_questions(documents, *BORNHOLM, f"5\t{WHO}", "x\tWhen?")
    sentence = f"{path}:4: there must be blocks and 4 questions, with tabs between"
    assert check_documents(documents) == [Problem(path, 1, sentence)]


def test_questions_of_another_english_text_are_stale_until_they_are_stamped(documents):
    path = write_questions(documents, *BORNHOLM, f"5\t{WHO}", stamp="0" * 16)
    assert found(documents) == [(TABLE, 1, STALE)]
    assert stamp_translations(documents) == [path]
    assert found(documents) == []


def test_stale_questions_are_read_for_other_problems_too(documents):
    write_questions(documents, *BORNHOLM, f"12\t{WHO}", stamp="0" * 16)
    assert found(documents) == [(TABLE, 1, STALE), (TABLE, 3, "there is no block 12; the text has 12")]


def test_questions_of_one_document_are_not_another_ones(documents):
    write_questions(documents, *BORNHOLM, f"5\t{WHO}")
    write_questions(documents, "case", "int-nl-buurtzorg", f"5\t{WHO}")
    assert found(documents) == []


@pytest.mark.parametrize(
    ("kind", "name"), [("case", "dk-bornholm-mowed"), ("report", "dk-bornholm-mowing-by-result")], ids=["name", "kind"]
)
def test_questions_without_a_text_are_a_problem(documents, kind, name):
    write_questions(documents, kind, name, f"5\t{WHO}", stamp="0" * 16)
    path = f"questions/{kind}/{name}.tsv"
    assert found(documents) == [(path, 1, f"there is no text '{name}' of the kind '{kind}'")]

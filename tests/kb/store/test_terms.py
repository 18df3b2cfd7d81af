"""The index terms of a chunk: its questions are those of the document and of its own blocks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.analysis import stems
from kb.knowledge_base import KnowledgeBase
from kb.records import BlockQuestion, Document
from kb.settings import load_settings
from kb.store.catalogue import reading
from tests.conftest import HashEmbedder
from tests.kb.store.writing import count, document, prepared, publish

pytestmark = pytest.mark.usefixtures("quick_publish")

TEXT = """# Ferry

## Times

It sails at dawn.

It is back at noon.

## Fares

Children sail free.

## Crew

Two of them.
"""
"""Blocks 2 and 3, block 5, and block 7 are a chunk each."""


def asking(*questions: BlockQuestion, language: str = "en", text: str = TEXT, own: tuple[str, ...] = ()) -> Document:
    return replace(document(text=text, language=language), block_questions=questions, questions=own)


def column(data: Path, name: str, language: str = "en") -> list[str]:
    """Return a column of the terms of the document's chunks, by key."""
    query = (
        f"SELECT t.{name} FROM terms_{language} t JOIN chunks c ON c.key = t.rowid "
        "JOIN documents d ON d.key = c.document WHERE d.id = 'ferry' ORDER BY c.key"
    )
    with reading(data) as connection:
        return [terms for (terms,) in connection.execute(query)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (2, 2, ["when", "", ""]),
        (3, 3, ["when", "", ""]),
        (5, 5, ["", "when", ""]),
        (7, 7, ["", "", "when"]),
        (3, 5, ["when", "when", ""]),
        (5, 7, ["", "when", "when"]),
        (0, 7, ["when", "when", "when"]),
        (4, 6, ["", "when", ""]),
        (None, None, ["when", "when", "when"]),
        (8, 99, ["", "", ""]),
    ],
    ids=[
        "first-block-of-a-chunk",
        "last-block-of-a-chunk",
        "only-block",
        "last-chunk",
        "over-two-chunks",
        "over-the-last-two",
        "over-all",
        "with-headings-around",
        "whole-document",
        "beyond-the-text",
    ],
)
def test_a_chunk_has_the_questions_of_its_blocks(small_data, first, last, expected):
    publish(small_data, prepared(asking(BlockQuestion(first, last, "When?"))))
    assert column(small_data, "questions") == expected


def test_a_chunk_has_the_documents_questions_first_and_then_those_of_its_blocks_in_order(small_data):
    asked = (BlockQuestion(5, 5, "Free rides?"), BlockQuestion(None, None, "Boats?"), BlockQuestion(2, 2, "Early?"))
    publish(small_data, prepared(asking(*asked, own=("What sails?", "Where?"))))
    assert column(small_data, "questions") == [
        " ".join(stems(text, "en"))
        for text in ("What sails where boats early", "What sails where free rides boats", "What sails where boats")
    ]


def test_a_document_without_questions_has_none_in_its_terms(small_data):
    publish(small_data, prepared(asking()))
    assert column(small_data, "questions") == ["", "", ""]


def test_questions_are_no_terms_of_the_text(small_data):
    publish(small_data, prepared(asking(BlockQuestion(5, 5, "Zeppelins?"))))
    found = {name: " ".join(column(small_data, name)) for name in ("title", "headings", "text", "forms", "exact")}
    assert [name for name, terms in found.items() if "zeppelin" in terms] == []


@pytest.mark.parametrize(
    ("language", "table", "expected"),
    [("sv", "sv", "färjorna"), ("fi", "en", "färjorna"), ("und", "en", "färjorna")],
    ids=["its-own", "of-no-table", "unknown"],
)
def test_questions_are_stemmed_as_texts_of_their_language(small_data, language, table, expected):
    publish(small_data, prepared(asking(BlockQuestion(None, None, "Färjorna?"), language=language)))
    assert column(small_data, "questions", table) == stems(expected, language) * 3


def test_a_question_finds_the_chunk_that_it_was_written_for(small_data):
    publish(small_data, prepared(asking(BlockQuestion(5, 5, "Must toddlers buy zeppelin tickets?"))))
    (best, *_) = KnowledgeBase(load_settings(data=small_data), HashEmbedder()).search("zeppelin tickets for toddlers")
    assert (best.chunk.document_id, best.chunk.text) == ("ferry", "Children sail free.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'); DROP TABLE terms_en; --", "drop tabl term en"),
        ('"NEAR(a b)" OR col:*', "near a b or col"),
        ("<script>x</script>", "script x script"),
        ("?!", ""),
        ("", ""),
    ],
    ids=["sql", "search-syntax", "markup", "signs", "empty"],
)
def test_a_hostile_question_is_words_like_any_other(small_data, text, expected):
    publish(small_data, prepared(asking(BlockQuestion(7, 7, text))))
    assert column(small_data, "questions") == ["", "", expected]


def test_a_document_that_goes_takes_the_terms_of_its_questions_with_it(small_data):
    publish(small_data, prepared(asking(BlockQuestion(5, 5, "Zeppelins?"))))
    publish(small_data, prepared(asking()))
    assert count(small_data, "SELECT count(*) FROM terms_en WHERE terms_en MATCH 'questions:zeppelin'") == 0

"""`tillit eval check` finds each kind of fault, and the shipped question set has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.check import Problem, check_families, parsed
from eval.schema import Family, load_families
from kb.errors import DocumentError
from kb.records import BlockQuestion
from kb.shipped import load_shipped

GRASS = "dk-bornholm-mowing-by-result"
ASKED = "On which length does the crew bring out its machines?"


@pytest.fixture(scope="module")
def groups():
    return load_shipped()


@pytest.fixture(scope="module")
def grass(groups):
    """The document in its languages, without any questions of its own."""
    (found,) = (group for group in groups if group[0].id == GRASS)
    return [replace(document, questions=(), block_questions=()) for document in found]


@pytest.fixture(scope="module")
def texts(grass):
    return parsed([grass])


def family(**fields):
    base = {
        "id": "grass", "type": "single-fact", "author": "t", "date": "2026-01-01",
        "questions": {"en": ASKED},
        "gold": [[{"document": GRASS, "first": 5, "last": 5, "quote": "grass is 7 cm high"}]],
        "nuggets": [{"aliases": {"en": ["7 cm"], "da": ["7 cm"], "nb": ["7 cm"], "sv": ["7 cm"]}}],
    }  # fmt: skip
    return Family.model_validate({**base, **fields})


def span(**fields):
    return [[{"document": GRASS, "first": 5, "last": 5, "quote": "grass is 7 cm high", **fields}]]


def test_the_shipped_question_set_has_no_problem(groups):
    assert check_families(load_families(), parsed(groups)) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, None),
        ({"gold": span(document="dk-nothing")}, "there is no document 'dk-nothing' in 'en'"),
        ({"gold": span(last=99)}, f"'{GRASS}' has no block 99"),
        ({"gold": span(quote="8 cm")}, f"the quote is not in blocks 5 to 5 of '{GRASS}': '8 cm'"),
        ({"nuggets": [{"aliases": {"en": ["7 cm"], "da": ["7 cm"], "nb": ["7 cm"]}}]}, "nugget 1 has no form in 'sv'"),
        ({"nuggets": [{"aliases": {"en": ["7 cm"], "da": ["8 cm"], "nb": ["7 cm"], "sv": ["7 cm"]}}]},
         "nugget 1 ('8 cm') is not in its gold in 'da'"),
    ],
    ids=["none", "document", "block", "quote", "language", "nugget"],
)  # fmt: skip
def test_each_fault_is_told(texts, fields, message):
    expected = [Problem("grass", message)] if message else []
    assert check_families([family(**fields)], texts) == expected


@pytest.mark.parametrize(
    ("language", "asked_in", "own", "near"),
    [
        ("en", "en", "On which length does the crew bring out its machine?", True),
        ("en", "en", "Which crews bring their machines out at a length of 7 cm?", True),
        ("en", "en", "Which crews trust their machines?", False),
        ("en", "en", "Why is it so?", False),
        ("en", "en", "", False),
        ("da", "en", "On which length does the crew bring out its machine?", False),
        ("nb", "nb", "Når finner mannskapet fram maskinene sine?", True),
        ("nb", "nn", "Når finner mannskapet fram maskinene sine?", True),
        ("da", "nn", "Når finner mannskapet fram maskinene sine?", False),
    ],
    ids=[
        "other-endings",
        "other-words-between",
        "half-the-words",
        "stop-words",
        "empty",
        "other-language",
        "bokmål",
        "nynorsk",
        "danish",
    ],
)
@pytest.mark.parametrize("whose", ["document", "block", "whole"])
def test_a_near_copy_of_a_question_of_a_document_or_a_block_is_told(grass, language, asked_in, own, near, whose):
    block = 5 if whose == "block" else None
    asked = {"questions": (own,)} if whose == "document" else {"block_questions": (BlockQuestion(block, block, own),)}
    texts = parsed([[replace(document, **asked) if document.language == language else document for document in grass]])
    question = ASKED if asked_in == "en" else "Når finner mannskapet fram maskinene?"
    message = f"the question in '{asked_in}' is a near copy of a document's own: {own}"
    problems = check_families([family(questions={asked_in: question})], texts)
    assert problems == ([Problem("grass", message)] if near else [])


def test_a_question_without_a_word_is_no_near_copy_of_another_such(grass):
    asked = (BlockQuestion(5, 5, "?"), BlockQuestion(None, None, "…"))
    texts = parsed([[replace(document, block_questions=asked) for document in grass]])
    assert check_families([family(questions={"en": "?!"})], texts) == []


def test_the_same_id_or_question_twice_is_told(texts):
    problems = check_families([family(), family()], texts)
    assert Problem("grass", "the id is used more than once") in problems
    problems = check_families([family(), family(id="other")], texts)
    assert problems == [Problem("other", "grass asks the same in 'en'")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {id: x}", "q.yaml, x: 'type' is missing"),
        ("- 7", "q.yaml, number 1: "),
        ("a: [", "q.yaml cannot be read: "),
    ],
    ids=["missing", "no-mapping", "no-yaml"],
)
def test_a_file_that_is_not_of_the_format_is_told(tmp_path, text, message):
    (tmp_path / "q.yaml").write_text(text)
    with pytest.raises(DocumentError) as caught:
        load_families(tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"type": "unanswerable"}, "an unanswerable one has no gold and no nuggets"),
        ({"gold": []}, "an answerable one needs gold and a vital nugget"),
        ({"type": "follow-up"}, "a follow-up, and nothing else, has turns"),
        ({"type": "dissent"}, "a dissent question names the other side"),
        ({"type": "injection"}, "an injection names its canaries"),
    ],
    ids=["unanswerable", "answerable", "follow-up", "dissent", "injection"],
)
def test_a_family_is_whole_for_its_type(fields, message):
    with pytest.raises(ValueError, match=message):
        family(**fields)

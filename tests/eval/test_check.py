"""`tillit eval check` finds each kind of fault, and the shipped question set has none."""

from __future__ import annotations

import pytest

from eval.check import Problem, check_families, parsed
from eval.schema import Family, load_families
from kb.errors import DocumentError
from kb.shipped import load_shipped

GRASS = "dk-bornholm-mowing-by-result"


@pytest.fixture(scope="module")
def texts():
    return parsed(load_shipped())


def family(**fields):
    base = {
        "id": "grass", "type": "single-fact", "author": "t", "date": "2026-01-01",
        "questions": {"en": "On which length does the crew bring out its machines?"},
        "gold": [[{"document": GRASS, "first": 5, "last": 5, "quote": "grass is 7 cm high"}]],
        "nuggets": [{"aliases": {"en": ["7 cm"], "da": ["7 cm"], "nb": ["7 cm"], "sv": ["7 cm"]}}],
    }  # fmt: skip
    return Family.model_validate({**base, **fields})


def span(**fields):
    return [[{"document": GRASS, "first": 5, "last": 5, "quote": "grass is 7 cm high", **fields}]]


def test_the_shipped_question_set_has_no_problem(texts):
    assert check_families(load_families(), texts) == []


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
        ({"questions": {"en": "How tall does the grass have to be on Bornholm before it's cut?"}},
         "the question in 'en' is a near copy of a document's own: How tall does the grass have to be on Bornholm "
         "before it must be cut?"),
    ],
    ids=["none", "document", "block", "quote", "language", "nugget", "near-copy"],
)  # fmt: skip
def test_each_fault_is_told(texts, fields, message):
    expected = [Problem("grass", message)] if message else []
    assert check_families([family(**fields)], texts) == expected


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

"""What visitors asked becomes families in which what is not known is to be filled in, and `eval check` says what."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from eval.candidates import AUTHOR, HEAD, candidates
from eval.schema import load_families, read_families
from kb.activity.records import Entry, Feedback, Refused
from kb.errors import DocumentError

GRASS = "How high may the grass grow on Bornholm?"
UP = Feedback(
    "up", (GRASS,), "en", "fact", "answered", ("dk-bornholm-mowing-by-result", "x"), "abc", "1", "It's #1: clear"
)
DOWN = replace(UP, thumb="down", word="", documents=(), status="refused")
SCHOOLS = Refused("Hvad koster skolebusser i Bergen?", "da", "thin-support")
GOLD = "gold, nuggets"


def entry(what: Feedback | Refused, number: int = 7) -> Entry:
    return Entry(number, "2026-03-31", what)


def test_what_is_known_is_filled_in_and_what_is_not_is_marked():
    assert (
        candidates([entry(UP), entry(SCHOOLS, 8)])
        == f"""{HEAD}
- id: asked-7
  type: single-fact
  author: {AUTHOR}
  date: 2026-03-31
  questions:
    en: {GRASS}
  gold: []  # to be filled in: the blocks that answer it
  nuggets: []  # to be filled in: what a good answer says, in four languages, one of them vital
  note: 'thumb up, “It''s #1: clear”, answered, cited dk-bornholm-mowing-by-result x'

- id: asked-8
  type: single-fact
  author: {AUTHOR}
  date: 2026-03-31
  questions:
    da: Hvad koster skolebusser i Bergen?
  gold: []  # to be filled in: the blocks that answer it
  nuggets: []  # to be filled in: what a good answer says, in four languages, one of them vital
  note: refused (thin-support)
"""
    )


@pytest.mark.parametrize(
    ("question", "kind", "missing"),
    [
        (GRASS, "single-fact", GOLD),
        ("Which municipalities have given up time clocks?", "case-finding", GOLD),
        ("What is the difference between the Danish and the Swedish trust reform?", "comparison", GOLD),
        ("What do critics say of the trust reform?", "dissent", f"{GOLD}, other_side"),
        ("Name the seven principles of the Trust Commission.", "list", GOLD),
        ("What does ledarskap mean?", "single-fact", GOLD),
    ],
)
def test_the_type_is_guessed_and_what_it_needs_is_told(tmp_path, question, kind, missing):
    (tmp_path / "q.yaml").write_text(candidates([entry(replace(UP, questions=(question,)))]), encoding="utf-8")
    families, (fault,) = read_families(tmp_path)
    assert families == []
    assert (fault.path.name, fault.name, fault.type) == ("q.yaml", "asked-7", kind)
    assert fault.message == f"it is still to be filled in: {missing}"
    with pytest.raises(DocumentError) as caught:
        load_families(tmp_path)
    assert str(caught.value) == f"{tmp_path / 'q.yaml'}, asked-7: {fault.message}"


def test_of_a_conversation_the_full_form_is_to_be_filled_in(tmp_path):
    turns = (GRASS, "and  in\nthe town?")
    text = candidates([entry(replace(UP, questions=turns))])
    (family,) = yaml.safe_load(text)
    assert (family["type"], family["questions"], family["turns"]) == (
        "follow-up", {"en": ""}, {"en": [GRASS, "and in the town?"]}
    )  # fmt: skip
    assert "    en: ''  # to be filled in: the last turn so that it can be understood alone\n" in text
    (tmp_path / "q.yaml").write_text(text, encoding="utf-8")
    assert read_families(tmp_path)[1][0].message == "it is still to be filled in: the question in 'en', gold, nuggets"


def test_what_was_asked_more_than_once_is_one_family():
    (family,) = yaml.safe_load(candidates([entry(UP), entry(DOWN, 8), entry(DOWN, 9)]))
    assert (family["id"], family["note"]) == (
        "asked-7",
        "thumb up, “It's #1: clear”, answered, cited dk-bornholm-mowing-by-result x; thumb down, refused",
    )


def test_the_language_is_that_of_the_question_not_of_the_answer():
    (family,) = yaml.safe_load(candidates([entry(replace(UP, language="da"))]))
    assert family["questions"] == {"en": GRASS}


@pytest.mark.parametrize("text", ["no: yes # [", "- gold: []", "'\"\n  gold: []", "*a &b !c", "2026-01-01", "\u2028x"])
def test_any_text_stays_what_it_is(text):
    (family,) = yaml.safe_load(candidates([entry(replace(UP, questions=(text,), word=text))]))
    assert list(family["questions"].values()) == [" ".join(text.split())]
    assert family["gold"] == []


def test_without_entries_there_are_no_families():
    assert yaml.safe_load(candidates([])) is None


def test_a_candidate_that_is_filled_in_is_a_family(tmp_path):
    (family,) = yaml.safe_load(candidates([entry(UP)]))
    family["gold"] = [[{"document": "dk-bornholm-mowing-by-result", "first": 5, "last": 5, "quote": "7 cm"}]]
    family["nuggets"] = [{"aliases": {"en": ["7 cm"]}}]
    (tmp_path / "q.yaml").write_text(yaml.safe_dump([family]), encoding="utf-8")
    ((found,), faults) = read_families(tmp_path)
    assert (found.id, found.author, faults) == ("asked-7", "feedback", [])


def test_what_no_document_answers_needs_what_was_searched_for(tmp_path):
    (family,) = yaml.safe_load(candidates([entry(SCHOOLS)]))
    family["type"] = "unanswerable"
    for searched, message in (
        ({"searched": []}, "it is still to be filled in: searched"),
        ({}, "an unanswerable one has no gold and no nuggets, but says what was searched for (got"),
    ):
        (tmp_path / "q.yaml").write_text(yaml.safe_dump([{**family, **searched}]), encoding="utf-8")
        assert read_families(tmp_path)[1][0].message.startswith(message.removesuffix(" (got"))

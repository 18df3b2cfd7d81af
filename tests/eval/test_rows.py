"""Rows, perturbations and the lock."""

from __future__ import annotations

import pytest

from eval.rows import expand, lock, with_typos
from eval.schema import Family


def family(name, kind="single-fact", **fields):
    base = {
        "id": name, "type": kind, "author": "t", "date": "2026-01-01",
        "questions": {"en": "How tall must the grass be?", "da": "Hvor højt skal græsset være?"},
        "gold": [[{"document": "d", "first": 1, "last": 1, "quote": "q"}]],
        "nuggets": [{"aliases": {"en": ["x"]}}],
    }  # fmt: skip
    return Family.model_validate({**base, **fields})


def test_a_fact_is_asked_in_each_language_clean_and_with_typos():
    assert [row.id for row in expand([family("a")])] == ["a.da", "a.da.typo", "a.en", "a.en.typo"]


def test_a_follow_up_has_its_full_form_beside_it():
    rows = expand([family("f", "follow-up", turns={"en": ["Grass?", "And why?"]}, questions={"en": "Why so tall?"})])
    assert [(row.id, row.turns) for row in rows] == [("f.en", ("Grass?", "And why?")), ("f.en.full", ("Why so tall?",))]


@pytest.mark.parametrize("question", ["How tall must the grass be?", "Hvornår åbnede tillidsreformen?", "ab cd", ""])
def test_typos_are_the_same_each_time_and_change_long_words_only(question):
    once = with_typos(question, "name")
    assert once == with_typos(question, "name")
    assert len(once.split(" ")) == len(question.split(" "))
    assert (once != question) == any(len(word.strip("?")) >= 5 for word in question.split(" "))


def test_a_third_of_each_type_is_locked_and_never_unlocked():
    facts = [family(f"a{n}") for n in range(20)]
    lists = [family(f"b{n}", "list") for n in range(10)]
    locked = lock([*facts, *lists], frozenset())
    assert sum(name.startswith("a") for name in locked) == 6
    assert sum(name.startswith("b") for name in locked) == 3
    more = lock([*facts, *lists, *(family(f"c{n}") for n in range(20))], locked)
    assert locked < more
    assert len(more) == 15


def test_the_locked_families_do_not_depend_on_the_order():
    families = [family(f"a{n}") for n in range(20)]
    assert lock(families, frozenset()) == lock(families[::-1], frozenset())

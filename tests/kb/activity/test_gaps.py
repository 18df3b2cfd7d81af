"""Refused questions are put together by what they ask for, also across languages."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from eval.rows import read_locked
from eval.schema import load_families
from kb.activity.gaps import NEAR, Asked, clusters, unanswered
from kb.activity.records import Entry, Feedback, Refused
from kb.models.static import StaticModel


def refused(text: str, language: str = "en") -> Refused:
    return Refused(text, language, "thin-support")


def together(embedder, *questions: Refused, near: float = NEAR) -> list[tuple[str, ...]]:
    return [tuple(each.question for each in cluster.questions) for cluster in clusters(questions, embedder, near)]


def test_a_cluster_says_how_often_it_was_asked_and_in_which_languages(embedder):
    asked = [refused("School buses, Bergen?")] * 2 + [refused("school buses,  bergen?", "nb"), refused("Pizza?")]
    buses, pizza = clusters(asked, embedder)
    assert buses.questions == (Asked("School buses, Bergen?", "en", 2), Asked("school buses,  bergen?", "nb", 1))
    assert (buses.count, buses.languages) == (3, [("en", 2), ("nb", 1)])
    assert (pizza.count, pizza.languages) == (1, [("en", 1)])


def test_a_cluster_is_told_by_its_question_in_the_readers_language(embedder):
    (buses,) = clusters([refused("School buses?")] * 2 + [refused("school  buses?", "nb")], embedder)
    assert [buses.title(code).question for code in ("en", "nb", "sv")] == [
        "School buses?",
        "school  buses?",
        "School buses?",
    ]


def test_of_wordings_asked_as_often_the_one_nearest_to_the_others_comes_first(embedder):
    asked = [refused("one two three four"), refused("two three four five"), refused("three four five six")]
    assert together(embedder, *asked)[0][0] == "two three four five"
    assert together(embedder, *asked, asked[2])[0][0] == "three four five six"


def test_thumbs_down_on_refusals_count_unless_the_question_was_kept_as_refused():
    def sent(thumb, status, *questions):
        return Feedback(thumb, questions, "en", "fact", status, (), "f", "1")

    kept = [
        refused("Where are the bins?"),
        sent("down", "refused", "Where are the bins?"),
        sent("down", "refused", "What is done in Aarhus?", "And how much does it cost there?"),
        sent("up", "refused", "Who pays?"),
        sent("down", "answered", "Who sees it?"),
        sent("down", "refused", "Hvem betaler for det?"),
    ]
    found = unanswered([Entry(number, "2026-01-01", what) for number, what in enumerate(kept)])
    assert [(each.question, each.language) for each in found] == [
        ("Where are the bins?", "en"),
        ("What is done in Aarhus? And how much does it cost there?", "en"),
        ("Hvem betaler for det?", "da"),
    ]


def test_near_questions_are_joined_also_by_a_chain(embedder):
    chain = [refused("one two three four"), refused("two three four five"), refused("three four five six")]
    apart = refused("zebra lion tiger")
    ends = embedder.embed([chain[0].question, chain[2].question])
    assert ends[0] @ ends[1] < 0.75
    assert together(embedder, *chain, apart, near=0.75) == [
        ("two three four five", "one two three four", "three four five six"),
        ("zebra lion tiger",),
    ]
    assert len(together(embedder, *chain, apart, near=0.99)) == 4


def test_the_order_of_the_questions_changes_nothing(embedder):
    asked = [refused(text) for text in ("one two three", "two three four", "zebra", "lion", "one two", "zebra lion")]
    assert clusters(asked, embedder) == clusters(asked[::-1], embedder)


def test_of_a_language_that_the_model_does_not_read_only_the_same_questions_are_joined(embedder):
    asked = [
        refused("hvor mange skibe", "da"),
        refused("Hvor  mange skibe", "da"),
        refused("hvor mange skibe sejler", "da"),
    ]
    assert together(embedder, *asked) == [("Hvor  mange skibe", "hvor mange skibe"), ("hvor mange skibe sejler",)]
    assert embedder.embedded == []


def test_more_questions_than_are_compared_at_once(embedder, monkeypatch):
    monkeypatch.setattr("kb.activity.gaps._ROWS", 3)
    asked = [
        refused(f"{first} {second}") for first in ("zebra", "lion", "tiger") for second in ("zebra", "lion", "tiger")
    ]
    whole = together(embedder, *asked)
    monkeypatch.setattr("kb.activity.gaps._ROWS", 500)
    assert whole == together(embedder, *asked)


def test_without_questions_there_are_no_clusters(embedder):
    assert clusters([], embedder) == []


@pytest.mark.model
def test_what_is_asked_in_several_languages_is_one_cluster():
    families = [family for family in load_families() if family.id not in read_locked()]
    matter = {(text, "nb" if code == "nn" else code): f.id for f in families for code, text in f.questions.items()}
    found = clusters([refused(*question) for question in matter], StaticModel())
    where = {
        text: number for number, cluster in enumerate(found) for text in {each.question for each in cluster.questions}
    }
    ids = defaultdict(list)
    for (text, _), name in matter.items():
        ids[where[text]].append(name)
    pure = sum(max(Counter(names).values()) for names in ids.values()) / len(matter)
    of_one = [[where[text] for text in f.questions.values()] for f in families if len(f.questions) > 1]
    pairs = [(one, other) for places in of_one for at, one in enumerate(places) for other in places[:at]]
    assert len(of_one) >= 40
    assert pure > 0.97
    assert sum(one == other for one, other in pairs) / len(pairs) > 0.88

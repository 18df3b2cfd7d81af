"""What each list finds by direction, and weights fitted on questions whose best weights are known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from eval.directions import Asked, alone, ask, measure, plain_rows
from eval.fitting import fit, kind_of
from eval.rows import Row, expand
from eval.schema import Family, Span
from eval.scores import note_scores, read_scores
from kb.retrieval.fusion import LanguageList
from kb.vocabulary import LANGUAGES
from tests.eval.makers import result

IDS = tuple(f"d{number:02}" for number in range(20))
GOLD = "d03"


def row(language: str, **more: object) -> Row:
    span = Span(document=GOLD, first=1, last=1, quote="q")
    nugget = {"importance": "vital", "aliases": {"en": ["x"]}}
    family = Family.model_validate(
        {
            "id": f"f-{language}",
            "type": "single-fact",
            "author": "a",
            "date": date(2026, 1, 1),
            "questions": {language: "Why?"},
            "gold": [[span.model_dump()]],
            "nuggets": [nugget],
            **more,
        }
    )
    return expand([family])[0]


def scores(good: bool) -> np.ndarray:
    """Return scores of one passage a document, the gold one first or last."""
    values = np.linspace(1, 2, len(IDS))
    values[IDS.index(GOLD)] = 3 if good else 0
    return values


def asked(language: str, good: dict[str, tuple[bool, bool]]) -> Asked:
    """Return a question whose (lexical, dense) lists find the gold document in some languages."""
    lists = {
        code: LanguageList(np.ones(len(IDS), dtype=bool), scores(lexical), scores(dense), 0.5, 1.0)
        for code, (lexical, dense) in good.items()
    }
    return Asked(row(language), language, IDS, np.arange(len(IDS)), lists)


EVERYWHERE_LEXICAL = dict.fromkeys(LANGUAGES, (True, False))
EVERYWHERE_DENSE = dict.fromkeys(LANGUAGES, (False, True))


@pytest.mark.parametrize(
    ("good", "share"), [(EVERYWHERE_LEXICAL, 0.0), (EVERYWHERE_DENSE, 1.0)], ids=["words", "vectors"]
)
def test_the_list_that_finds_gets_the_weight(good, share):
    weights = fit([asked(language, good) for language in LANGUAGES])
    found = {weights.dense_share(a, b) for a in LANGUAGES for b in LANGUAGES}
    assert all(abs(each - share) < 0.5 for each in found)


def test_other_languages_count_where_they_find_what_the_own_one_does_not():
    own_fails = {language: {**EVERYWHERE_DENSE, language: (False, False)} for language in LANGUAGES}
    weights = fit([asked(language, own_fails[language]) for language in LANGUAGES])
    assert all(weights.text_share(a, a) == 1.0 for a in LANGUAGES)
    assert max(weights.text_share("da", "nb"), weights.text_share("da", "en")) > 0


def test_other_languages_count_least_where_they_only_mislead():
    only_own = {a: {b: (a == b, a == b) for b in LANGUAGES} for a in LANGUAGES}
    weights = fit([asked(language, only_own[language]) for language in LANGUAGES])
    assert weights.text_share("sv", "nb") == weights.text_share("sv", "en") == weights.text_share("en", "da") == 0


@pytest.mark.parametrize(
    ("pair", "kind"),
    [(("da", "da"), "same"), (("da", "sv"), "neighbours"), (("en", "nb"), "across"), (("sv", "en"), "across")],
)
def test_how_languages_stand_to_each_other(pair, kind):
    assert kind_of(*pair) == kind


def test_a_ranking_takes_each_document_by_its_best_passage():
    lists = [LanguageList(np.ones(4, dtype=bool), np.array([1.0, 5.0, 4.0, 3.0]), None, 0.0, 1.0)]
    found = Asked(row("en"), "en", ("a", "b", "c"), np.array([0, 0, 1, 2]), {"en": lists[0]})
    assert found.ranking(lists) == ["a", "b", "c"]
    assert alone(found, "en", None) == ["a", "b", "c"]


def test_a_direction_holds_one_value_a_question_and_stage():
    questions = [asked("da", {"sv": (True, False)}), asked("en", {"sv": (True, True)})]
    direction = measure(questions, "da", "sv")
    assert direction.families == ("f-da",)
    assert {stage: values.tolist() for stage, values in direction.recall.items()} == {
        "lexical": [1.0],
        "dense": [0.0],
        "fused": [0.0],
    }


def test_only_single_turns_with_gold_are_measured_on():
    base = row("en")
    rows = [*expand([base.family]), row("en", plant="text", type="injection", canaries=["password"])]
    assert [(each.variant, each.family.plant) for each in plain_rows(rows)] == [("base", None)]


def test_questions_are_asked_of_every_language_of_a_knowledge_base(small_kb):
    (found,) = ask(small_kb, [row("nn")])
    assert found.language == "nb"
    assert set(found.lists) == set(LANGUAGES)
    assert len(found.documents) == len(found.lists["da"].present)


def test_scores_of_models_are_kept_side_by_side(tmp_path):
    assert read_scores(tmp_path) == {}
    note_scores(tmp_path, "a@1", "f" * 64, [result("x.en"), result("y.en", **{"recall@5": 0.0})])
    note_scores(tmp_path, "b@1", "f" * 64, [result("x.en")])
    assert {model: score["recall@5"] for model, score in read_scores(tmp_path).items()} == {"a@1": 0.5, "b@1": 1.0}
    (tmp_path / "model-scores.json").write_text("broken")
    assert read_scores(tmp_path) == {}

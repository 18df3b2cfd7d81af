"""The model card has the model's own numbers, and the figures that it is given."""

from __future__ import annotations

import shutil

import pytest
import yaml

from kb.errors import ModelError
from kb.training.card import NOT_MEASURED, write_card

SCORES = {
    "models": [
        {
            "model": "ours@1",
            "documents": 6,
            "held_out": 2,
            "count": 4,
            "figures": [
                {"questions": "da", "texts": "en", "recall_at_5": 0.5, "reciprocal_rank": 0.25},
                {"questions": "en", "texts": "en", "recall_at_5": 0.9, "reciprocal_rank": 0.8},
            ],
        }
    ]
}
METRICS = {name: {"mean": 0.5, "low": 0.4, "high": 0.6} for name in ("recall@5", "ndcg@10", "rr@10", "success@1")}
ANSWERS = {"slices": [{"name": name, "count": 3, "metrics": METRICS} for name in ("all", "type list", "language da")]}


@pytest.fixture
def model(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "model")


def test_a_fresh_card_tells_how_the_model_was_made(model):
    card = (model / "README.md").read_text(encoding="utf-8")
    assert "tillit models train --pairs FOLDER --out FOLDER --seed 1 --vocabulary 250 --epochs 40\n" in card
    assert "the teacher (hash@1)" in card
    assert "| document sentences | 72 |" in card
    assert card.count(NOT_MEASURED) == 2
    assert "$" not in card


def test_its_front_matter_is_yaml(model):
    _, front, _ = (model / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(front)["language"] == ["en", "da", "nb", "nn", "sv"]


def test_figures_are_put_in(model):
    card = write_card(model, SCORES, ANSWERS).read_text(encoding="utf-8")
    assert NOT_MEASURED not in card
    assert "| ours | English | 0.90 / 0.80 | – | – | – |\n| ours | Danish | 0.50 / 0.25 | – | – | – |\n" in card
    assert "4 questions a language, of 2 documents among 6." in card
    assert "| all | 3 | 0.500 | 0.500 | 0.500 | 0.500 |\n| language da | 3 |" in card
    assert "type list" not in card


def test_figures_of_something_else_are_refused(model):
    with pytest.raises(ModelError, match="cannot be written: the figures lack 'models'"):
        write_card(model, {"other": 1})

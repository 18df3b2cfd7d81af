"""Weights of the lists are stored by model; a model that is not there has cautious ones."""

from __future__ import annotations

import pytest

from kb.models.registry import MINILM
from kb.models.static import BUNDLED
from kb.retrieval import weights
from kb.retrieval.weights import Weights, weights_for
from kb.vocabulary import LANGUAGES

STORED = {
    "any": {"dense": {"en": {"en": 0.4, "da": 0.6}}, "texts": {"en": {"en": 1.0, "da": 0.2}}},
    "known": {"dense": {"en": {"en": 0.7, "da": 0.9}}, "texts": {"en": {"en": 1.0, "da": 0.1}}},
}


@pytest.fixture
def stored(monkeypatch) -> None:
    monkeypatch.setattr(weights, "_stored", lambda: STORED)


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("model", "name"),
    [("known@1a2b", "known"), ("known", "known"), ("known@other", "known"), ("unknown@1a2b", "any"), ("", "any")],
    ids=["by-name", "without-a-hash", "other-hash", "unknown", "none"],
)
def test_weights_are_those_of_a_models_name_and_of_an_unknown_one_those_of_any(model, name):
    assert weights_for(model) == Weights(**STORED[name])


@pytest.mark.usefixtures("stored")
def test_shares_are_by_the_languages_of_question_and_text():
    known = weights_for("known")
    assert (known.dense_share("en", "da"), known.text_share("en", "da")) == (0.9, 0.1)


@pytest.mark.usefixtures("stored")
def test_one_share_can_be_set_for_every_dense_list():
    known = weights_for("known")
    assert known.with_dense(0.0) == Weights({"en": {"en": 0.0, "da": 0.0}}, known.texts)
    assert known.with_dense(None) is known


@pytest.mark.usefixtures("stored")
def test_any_other_weight_has_another_fingerprint():
    known = weights_for("known")
    same = Weights({"en": {"da": 0.9, "en": 0.7}}, known.texts)
    others = [known.with_dense(0.7), Weights(known.dense, {"en": {"en": 1.0, "da": 0.2}}), weights_for("any")]
    assert same.fingerprint == known.fingerprint
    assert len({known.fingerprint, *(other.fingerprint for other in others)}) == 4


@pytest.mark.parametrize("model", [BUNDLED, MINILM, "any"])
def test_there_are_weights_for_each_pair_of_languages(model):
    shipped = weights_for(model)
    for asked_in in LANGUAGES:
        assert set(shipped.dense[asked_in]) == set(shipped.texts[asked_in]) == set(LANGUAGES)
        assert all(0 <= shipped.dense_share(asked_in, language) <= 1 for language in LANGUAGES)
        assert all(0 <= shipped.text_share(asked_in, language) <= 1 for language in LANGUAGES)
        assert shipped.text_share(asked_in, asked_in) == 1


def test_weights_are_shipped_for_the_models_that_are_known_by_name():
    assert set(weights._stored()) == {BUNDLED, MINILM, "any"}

"""A CrossEncoder of the user's choice scores each passage for itself, and says so where it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kb.errors import DependencyError, ModelError
from kb.models.reranker import CrossEncoderReranker

PASSAGES = ["the staff have control", "a question of trust in the leaders and the staff", "a"]


@pytest.fixture
def folder(saved_models: Path) -> str:
    return str(saved_models / "scorer")


def refused(reranker: CrossEncoderReranker) -> str:
    with pytest.raises(ModelError) as caught:
        reranker.score("trust", PASSAGES)
    return str(caught.value)


def test_a_passage_has_the_same_score_alone_and_among_others_and_each_time(folder):
    together = CrossEncoderReranker(folder).score("trust", PASSAGES)
    alone = [CrossEncoderReranker(folder).score("trust", [passage])[0] for passage in PASSAGES]
    assert (together.shape, together.dtype) == ((3,), np.float64)
    assert together.tolist() == alone
    assert len(set(alone)) == 3


def test_no_passages_have_no_scores(folder):
    assert CrossEncoderReranker(folder).score("trust", []).shape == (0,)


def test_scores_are_the_models_raw_ones(folder):
    from sentence_transformers import CrossEncoder

    probable = CrossEncoder(folder, device="cpu").predict([("trust", passage) for passage in PASSAGES], batch_size=1)
    scores = CrossEncoderReranker(folder).score("trust", PASSAGES)
    np.testing.assert_allclose(1 / (1 + np.exp(-scores)), probable, rtol=1e-5)


def test_a_model_saved_by_sentence_transformers_scores_as_the_one_saved_by_transformers(folder, tmp_path):
    from sentence_transformers import CrossEncoder

    CrossEncoder(folder, device="cpu").save(str(tmp_path / "saved"), create_model_card=False)
    saved = CrossEncoderReranker(str(tmp_path / "saved"))
    assert saved.score("trust", PASSAGES).tolist() == CrossEncoderReranker(folder).score("trust", PASSAGES).tolist()


def test_pairs_are_cut_at_the_window(folder):
    long = ["trust " * 40 + "control", "trust " * 40]
    own, wide = CrossEncoderReranker(folder), CrossEncoderReranker(folder, window=64)
    assert len(set(own.score("staff", long))) == 1
    assert len(set(wide.score("staff", long))) == 2


def test_a_window_that_the_model_has_no_positions_for_is_refused(folder):
    assert refused(CrossEncoderReranker(folder, window=65)) == (
        f"The model {folder} cannot read 65 tokens; by itself it reads 32. Set a smaller window."
    )


def test_an_id_covers_the_files_and_the_window(folder, copied):
    own = copied("scorer")
    assert CrossEncoderReranker(str(own)).id == CrossEncoderReranker(folder).id
    assert CrossEncoderReranker(folder, window=16).id != CrossEncoderReranker(folder).id
    with (own / "model.safetensors").open("ab") as file:
        file.write(b"\n")
    assert CrossEncoderReranker(str(own)).id != CrossEncoderReranker(folder).id


@pytest.mark.parametrize("name", ["encoder", "embedder"])
def test_a_model_without_a_head_that_scores_is_refused_since_it_would_get_a_random_one(saved_models, name):
    path = saved_models / name
    assert refused(CrossEncoderReranker(str(path))) == (
        f"The model {path} is no reranker: neither its modules.json nor its config.json names one. "
        "Set a CrossEncoder of sentence-transformers."
    )


def test_a_model_that_sorts_into_classes_is_refused(saved_models):
    path = saved_models / "sorter"
    assert refused(CrossEncoderReranker(str(path))) == (
        f"The model {path} sorts into 3 classes; a reranker gives one score. Set another model."
    )


def test_a_model_that_is_not_there_is_told_of_with_the_command_that_fetches_it(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    assert refused(CrossEncoderReranker("none")) == (
        "The model cross-encoder/none is not on this machine. Fetch it with: hf download cross-encoder/none"
    )


def test_a_missing_library_is_told_of(folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DependencyError):
        CrossEncoderReranker(folder).score("trust", PASSAGES)


def test_weights_that_do_not_load_are_told_of(copied):
    own = copied("scorer")
    (own / "model.safetensors").write_bytes(b"no weights at all")
    assert refused(CrossEncoderReranker(str(own))).startswith(f"The model {own} cannot be loaded (SafetensorError: ")


def test_a_configuration_that_is_no_configuration_is_told_of(copied):
    own = copied("scorer")
    (own / "config.json").write_text(json.dumps({"architectures": None}))
    assert "is no reranker" in refused(CrossEncoderReranker(str(own)))


def test_the_user_is_told_once_before_the_model_is_loaded(folder):
    told: list[str] = []
    reranker = CrossEncoderReranker(folder, before_loading=lambda: told.append("loading"))
    assert (reranker.id.partition("@")[0], told) == ("scorer", [])
    reranker.score("trust", PASSAGES)
    reranker.score("trust", PASSAGES)
    assert told == ["loading"]

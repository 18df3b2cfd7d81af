"""The static model: the mean of tokens' vectors, from files that are the expected ones, without torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb.errors import ModelError
from kb.models.static import StaticModel
from tests.conftest import ROOT

TEXTS = ["trust the staff", "Leaders have control of the staff, in the question of trust: 7 %", "trust", "a"]


@pytest.fixture
def model(saved_models: Path) -> StaticModel:
    return StaticModel(saved_models / "static")


def refused(model: StaticModel) -> str:
    with pytest.raises(ModelError) as caught:
        model.embed(TEXTS)
    return str(caught.value)


def test_a_vector_is_the_mean_of_its_tokens_brought_to_unit_length(model):
    both = model.embed(["trust"])[0] * norm(model, "trust") + model.embed(["staff"])[0] * norm(model, "staff")
    np.testing.assert_allclose(model.embed(["trust staff"])[0], both / np.linalg.norm(both), atol=1e-6)


def norm(model: StaticModel, word: str) -> float:
    """Return the length of a word's vector before it is brought to one."""
    (token,) = model._tokenizer.encode(word, add_special_tokens=False).ids
    return float(np.linalg.norm(model._vectors[token]))


def test_a_text_has_the_same_bits_alone_and_among_others(model, saved_models):
    alone = np.vstack([StaticModel(saved_models / "static").embed([text]) for text in TEXTS])
    assert model.embed(TEXTS).tobytes() == alone.tobytes()
    assert model.embed_question(TEXTS[0]).tobytes() == alone[0].tobytes()


def test_vectors_are_of_single_precision_and_unit_length(model):
    vectors = model.embed(TEXTS)
    assert (vectors.shape, vectors.dtype, model.dimensions) == ((4, 16), np.float32, 16)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert model.embed([]).shape == (0, 16)


def test_a_text_without_tokens_has_zeros(model):
    assert model.embed(["", "trust"]).any(axis=1).tolist() == [False, True]


def test_tokens_are_counted_as_they_are_embedded_however_long_the_text(model):
    assert [model.count_tokens(text) for text in ("", "trust", "trust " * 1000)] == [0, 1, 1000]


def test_sentence_transformers_makes_the_same_vectors_of_the_folder(model, saved_models):
    from sentence_transformers import SentenceTransformer

    other = SentenceTransformer(str(saved_models / "static"), device="cpu", local_files_only=True)
    vectors = other.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(model.embed(TEXTS), vectors, atol=1e-6)


def test_neither_torch_nor_sentence_transformers_is_loaded(saved_models):
    program = (
        "import sys\nfrom pathlib import Path\nfrom kb.models.static import StaticModel\n"
        f"model = StaticModel(Path({str(saved_models / 'static')!r}))\n"
        "print(model.embed(['trust']).shape, {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert result.stdout == "(1, 16) set()\n"


def test_it_reads_our_languages_unless_told_otherwise(saved_models):
    languages = ("da", "en", "nb", "sv", "fi")
    assert [StaticModel().reads(language) for language in languages] == [True, True, True, True, False]
    english = StaticModel(saved_models / "static", frozenset({"en"}))
    assert [english.reads(language) for language in languages] == [False, True, False, False, False]


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_files_that_are_not_the_expected_ones_are_refused(copied, name):
    own = copied("static")
    with (own / name).open("ab") as file:
        file.write(b"\n")
    assert refused(StaticModel(own)) == f"{own / name} is not the file that was expected. Install Tillit again."


def test_an_id_covers_weights_and_tokenizer(model, copied):
    own = copied("static")
    assert StaticModel(own).id == model.id
    hashes = json.loads((own / "sha256.json").read_text())
    ids = set()
    for name in hashes:
        (own / "sha256.json").write_text(json.dumps({**hashes, name: "0" * 64}))
        ids.add(StaticModel(own).id)
    assert len({*ids, model.id}) == 3


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "sha256.json"])
def test_a_missing_file_is_told_of(copied, name):
    own = copied("static")
    (own / name).unlink()
    assert refused(StaticModel(own)) == (
        f"The model in {own} cannot be read ([Errno 2] No such file or directory: '{own / name}'). "
        "Install Tillit again."
    )


@pytest.mark.parametrize("content", ["", "[]", "7", "{}"], ids=["empty", "a list", "a number", "without the files"])
def test_hashes_that_cannot_be_used_are_told_of(copied, content):
    own = copied("static")
    (own / "sha256.json").write_text(content)
    assert refused(StaticModel(own)).startswith(f"The model in {own} cannot be read (")

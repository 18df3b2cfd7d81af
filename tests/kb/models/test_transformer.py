"""A model of the user's choice: the same vectors always, its own prompts and window, never the network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb.errors import DependencyError, ModelError
from kb.models import transformer
from kb.models.transformer import ModelFiles, TransformerModel, go_offline
from tests.conftest import ROOT

TEXTS = ["trust the staff", "leaders have control of the staff in the question of trust", "a", ""]


@pytest.fixture
def folder(saved_models: Path) -> str:
    return str(saved_models / "embedder")


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def refused(model: TransformerModel) -> str:
    with pytest.raises(ModelError) as caught:
        model.embed(["trust"])
    return str(caught.value)


def test_a_text_has_the_same_bits_alone_and_among_others_and_in_another_process_object(folder):
    together = TransformerModel(folder).embed(TEXTS)
    alone = np.vstack([TransformerModel(folder).embed([text]) for text in TEXTS])
    assert together.tobytes() == alone.tobytes()


def test_vectors_are_of_single_precision_and_unit_length(folder):
    model = TransformerModel(folder)
    vectors = model.embed(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((4, 32), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert model.embed([]).shape == (0, 32)


def test_weights_of_half_precision_are_computed_with_in_single(copied):
    from safetensors.numpy import load_file, save_file

    path = copied("embedder") / "model.safetensors"
    half = {name: tensor.astype(np.float16) for name, tensor in load_file(path).items()}
    save_file(half, path, {"format": "pt"})
    change(path.parent / "config.json", dtype="float16")
    as_half = TransformerModel(str(path.parent)).embed(TEXTS)
    save_file({name: tensor.astype(np.float32) for name, tensor in half.items()}, path, {"format": "pt"})
    change(path.parent / "config.json", dtype="float32")
    assert as_half.tobytes() == TransformerModel(str(path.parent)).embed(TEXTS).tobytes()


def test_given_prompts_stand_before_questions_and_passages(folder):
    plain = TransformerModel(folder)
    model = TransformerModel(folder, question_prompt="question: ", passage_prompt="passage: ")
    np.testing.assert_array_equal(model.embed_question("trust"), plain.embed_question("question: trust"))
    np.testing.assert_array_equal(model.embed(["trust"]), plain.embed(["passage: trust"]))
    assert model.count_tokens("trust") == plain.count_tokens("passage: trust") == 5
    assert np.abs(model.embed(["trust"]) - plain.embed(["trust"])).max() > 1e-3


@pytest.mark.parametrize("name", ["document", "passage", "corpus"])
def test_without_given_prompts_the_models_own_are_used(folder, copied, name):
    own = copied("embedder")
    change(own / "config_sentence_transformers.json", prompts={"query": "question: ", name: "passage: "})
    model, given = TransformerModel(str(own)), TransformerModel(folder, question_prompt="a ", passage_prompt="in ")
    plain = TransformerModel(folder)
    np.testing.assert_array_equal(model.embed_question("trust"), plain.embed_question("question: trust"))
    np.testing.assert_array_equal(model.embed(["trust"]), plain.embed(["passage: trust"]))
    over = TransformerModel(str(own), question_prompt="a ", passage_prompt="in ")
    np.testing.assert_array_equal(over.embed_question("trust"), given.embed_question("trust"))
    np.testing.assert_array_equal(over.embed(["trust"]), given.embed(["trust"]))


def test_fewer_dimensions_are_the_first_ones_brought_to_unit_length(folder):
    whole, short = TransformerModel(folder).embed(TEXTS), TransformerModel(folder, dimensions=8)
    expected = whole[:, :8] / np.linalg.norm(whole[:, :8], axis=1, keepdims=True)
    np.testing.assert_allclose(short.embed(TEXTS), expected, atol=1e-6)
    assert short.dimensions == 8


def test_more_dimensions_than_there_are_cannot_be_had(folder):
    assert refused(TransformerModel(folder, dimensions=33)) == (
        f"The model {folder} makes vectors of 32 dimensions, not of 33. Set model_dimensions to at most 32."
    )


def test_texts_are_cut_at_the_window_which_is_the_models_own_unless_given(folder):
    long = "trust " * 30 + "control"
    own, wide = TransformerModel(folder), TransformerModel(folder, window=64)
    assert (own.window, wide.window) == (32, 64)
    assert own.count_tokens(long) == wide.count_tokens(long) == 33
    np.testing.assert_array_equal(own.embed([long]), own.embed(["trust " * 30]))
    assert np.abs(wide.embed([long]) - wide.embed(["trust " * 30])).max() > 1e-3


def test_a_window_that_the_model_has_no_positions_for_is_refused(folder):
    assert refused(TransformerModel(folder, window=65)) == (
        f"The model {folder} cannot read 65 tokens; by itself it reads 32. Set a smaller window."
    )


def test_a_static_model_has_the_usual_window_and_no_special_tokens(saved_models):
    model = TransformerModel(str(saved_models / "static"))
    assert (model.window, model.count_tokens("trust the staff")) == (256, 3)


def test_tokens_are_counted_as_the_model_does_also_where_the_tokenizers_file_is_missing(folder, saved_models, copied):
    bare = copied("embedder")
    (bare / "tokenizer.json").unlink()
    (bare / "vocab.txt").write_bytes((saved_models / "encoder" / "vocab.txt").read_bytes())
    counted = [TransformerModel(folder).count_tokens(text) for text in TEXTS]
    assert counted == [TransformerModel(str(bare)).count_tokens(text) for text in TEXTS]
    assert counted == [len(TransformerModel(folder)._model.tokenizer.encode(text)) for text in TEXTS] == [5, 13, 3, 2]


def test_an_id_and_a_count_take_no_torch(folder):
    program = (
        "import sys\nfrom kb.models.transformer import TransformerModel\n"
        f"model = TransformerModel({folder!r}, window=32)\n"
        "print(model.id, model.window, model.count_tokens('trust the staff'), 'torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert result.stdout == f"{TransformerModel(folder, window=32).id} 32 5 False\n"


def test_an_id_covers_prompts_window_dimensions_and_languages(folder):
    models = [
        TransformerModel(folder),
        TransformerModel(folder, question_prompt="a "),
        TransformerModel(folder, passage_prompt="a "),
        TransformerModel(folder, window=16),
        TransformerModel(folder, dimensions=16),
        TransformerModel(folder, languages=frozenset({"da"})),
    ]
    assert len({model.id for model in models}) == 6
    assert {model.id.partition("@")[0] for model in models} == {"embedder"}


@pytest.mark.parametrize(
    "name", ["model.safetensors", "tokenizer.json", "config.json", "modules.json", "1_Pooling/config.json"]
)
def test_an_id_changes_with_each_file_that_makes_the_model(folder, copied, name):
    own = copied("embedder")
    assert TransformerModel(str(own)).id == TransformerModel(folder).id
    with (own / name).open("ab") as file:
        file.write(b"\n")
    assert TransformerModel(str(own)).id != TransformerModel(folder).id


def test_an_id_leaves_out_what_does_not_make_the_model(folder, copied):
    own = copied("embedder")
    (own / "README.md").write_text("about it")
    (own / "onnx").mkdir()
    (own / "onnx" / "config.json").write_text("{}")
    assert TransformerModel(str(own)).id == TransformerModel(folder).id


def test_a_large_file_is_hashed_once_and_again_when_it_changed(copied, tmp_path, monkeypatch):
    own, notes = copied("embedder"), tmp_path / "hashes.json"
    monkeypatch.setattr(transformer, "LARGE", 20_000)
    first = ModelFiles(str(own), notes=notes).digest
    assert [Path(key.split(" ")[0]).name for key in json.loads(notes.read_text())] == ["model.safetensors"]
    read = []
    whole = hashlib.file_digest
    monkeypatch.setattr(
        hashlib, "file_digest", lambda file, kind: read.append(Path(file.name).name) or whole(file, kind)
    )
    assert ModelFiles(str(own), notes=notes).digest == first == ModelFiles(str(own)).digest
    assert (read.count("config.json"), read.count("model.safetensors")) == (4, 1)
    weights = own / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[::-1])
    assert ModelFiles(str(own), notes=notes).digest == ModelFiles(str(own)).digest != first


@pytest.mark.parametrize("content", [b"[]", b"{", b"\xff"], ids=["a list", "broken", "no text"])
def test_notes_that_cannot_be_used_are_made_anew(folder, tmp_path, monkeypatch, content):
    monkeypatch.setattr(transformer, "LARGE", 20_000)
    notes = tmp_path / "hashes.json"
    notes.write_bytes(content)
    assert ModelFiles(folder, notes=notes).digest == ModelFiles(folder).digest
    assert len(json.loads(notes.read_text())) == 1


def test_notes_are_not_missed_where_there_is_no_folder_for_them(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(transformer, "LARGE", 20_000)
    assert ModelFiles(folder, notes=tmp_path / "no" / "hashes.json").digest == ModelFiles(folder).digest
    assert not (tmp_path / "no").exists()


def fetched(monkeypatch: pytest.MonkeyPatch, source: Path, cache: Path, name: str) -> None:
    """Lay a model out as `hf download` does: blobs, large ones named by their hash, and links to them."""
    import huggingface_hub.constants

    store = cache / f"models--{name.replace('/', '--')}"
    snapshot = store / "snapshots" / ("5" * 40)
    for path in (path for path in source.rglob("*") if path.is_file()):
        large = path.suffix == ".safetensors"
        content = path.read_bytes()
        blob = store / "blobs" / (hashlib.sha256 if large else hashlib.sha1)(content).hexdigest()
        place = snapshot / path.relative_to(source)
        for folder in (blob.parent, place.parent, store / "refs"):
            folder.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(content)
        place.symlink_to(blob)
    (store / "refs" / "main").write_text("5" * 40)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(cache))


def test_a_model_that_was_fetched_is_found_by_its_name_and_is_the_same_as_in_a_folder(
    saved_models, folder, tmp_path, monkeypatch
):
    fetched(monkeypatch, saved_models / "embedder", tmp_path / "cache", "someone/embedder")
    model = TransformerModel("someone/embedder")
    assert model.id == TransformerModel(folder).id
    assert model.embed(TEXTS).tobytes() == TransformerModel(folder).embed(TEXTS).tobytes()


def test_a_large_file_of_the_hubs_cache_is_not_read_for_its_hash(saved_models, tmp_path, monkeypatch):
    fetched(monkeypatch, saved_models / "embedder", tmp_path / "cache", "sentence-transformers/embedder")
    expected = TransformerModel("embedder").id
    weights = TransformerModel("embedder").files.folder / "model.safetensors"
    weights.resolve().write_bytes(b"")
    assert TransformerModel("embedder").id == expected


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("someone/none", "The model someone/none is not on this machine. Fetch it with: hf download someone/none"),
        (
            "none",
            "The model sentence-transformers/none is not on this machine. "
            "Fetch it with: hf download sentence-transformers/none",
        ),
        (
            "/no/where",
            "There is no folder /no/where. Set a model's folder, or its name on the Hugging Face hub.",
        ),
        ("no name", "'no name' is neither a folder nor the name of a model on the Hugging Face hub."),
    ],
    ids=["hub", "hub without owner", "folder", "neither"],
)
def test_a_model_that_is_not_there_is_told_of_with_what_to_do(name, message, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    assert refused(TransformerModel(name)) == message
    with pytest.raises(ModelError) as caught:
        _ = TransformerModel(name).id
    assert str(caught.value) == message


def test_a_missing_library_is_told_of_with_the_command_that_installs_it(folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DependencyError) as caught:
        TransformerModel(folder).embed(["trust"])
    assert str(caught.value) == (
        "This needs the package sentence-transformers. Install it with: pip install -c constraints.txt '.[models]'"
    )


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    assert refused(TransformerModel(str(tmp_path))) == (
        f"{tmp_path} is not a sentence-transformers model: it has no modules.json."
    )


def test_a_reranker_does_not_embed(copied):
    own = copied("embedder")
    change(own / "config_sentence_transformers.json", model_type="CrossEncoder")
    assert refused(TransformerModel(str(own))) == (
        f"The model {own} is a CrossEncoder, which does not embed. Set another model."
    )


def test_code_that_comes_with_a_model_is_not_run(copied, tmp_path):
    own = copied("embedder")
    (own / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass")
    modules = json.loads((own / "modules.json").read_text())
    (own / "modules.json").write_text(json.dumps([{**modules[0], "type": "evil.Evil"}, *modules[1:]]))
    assert refused(TransformerModel(str(own))) == (
        f"The model {own} needs its own code (evil.Evil), which is not run. Set another."
    )
    assert not (tmp_path / "ran").exists()


def test_weights_that_do_not_load_are_told_of_with_the_librarys_words(copied):
    own = copied("embedder")
    (own / "model.safetensors").write_bytes(b"no weights at all")
    message = refused(TransformerModel(str(own)))
    assert message.startswith(f"The model {own} cannot be loaded (SafetensorError: ")
    assert message.endswith("). Fetch the model again, or set another.")
    assert "\n" not in message


def test_missing_weights_are_told_of(copied):
    own = copied("embedder")
    (own / "model.safetensors").unlink()
    with pytest.raises(ModelError) as caught:
        _ = TransformerModel(str(own)).id
    assert str(caught.value) == f"There are no weights in {own}. Set the folder of a whole model."


@pytest.mark.parametrize("name", ["modules.json", "config_sentence_transformers.json"])
@pytest.mark.parametrize("content", ["{", "7", '[{"a": 1}]'], ids=["broken", "a number", "other keys"])
def test_a_broken_configuration_is_told_of(copied, name, content):
    own = copied("embedder")
    (own / name).write_text(content)
    assert refused(TransformerModel(str(own))).endswith("). Fetch the model again, or set another.")


def test_a_model_reads_all_languages_unless_told_otherwise(folder):
    assert all(TransformerModel(folder).reads(language) for language in ("da", "en", "fi"))
    nordic = TransformerModel(folder, languages=frozenset({"da", "nb"}))
    assert [nordic.reads(language) for language in ("da", "nb", "en")] == [True, True, False]


def test_the_user_is_told_once_before_the_model_is_loaded(folder):
    told: list[str] = []
    model = TransformerModel(folder, before_loading=lambda: told.append("loading"))
    assert (model.id.partition("@")[0], model.count_tokens("trust"), told) == ("embedder", 3, [])
    model.embed(["trust"])
    model.embed_question("trust")
    assert told == ["loading"]


def test_going_offline_leaves_what_the_user_has_set(monkeypatch):
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
    for name in (*names, "TOKENIZERS_PARALLELISM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DO_NOT_TRACK", "yes")
    go_offline()
    assert [os.environ[name] for name in (*names, "TOKENIZERS_PARALLELISM")] == ["1", "1", "1", "yes", "false"]

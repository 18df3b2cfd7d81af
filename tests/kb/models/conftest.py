"""Fixtures of the models' tests: tiny models with random weights, made here, and a machine without network."""

from __future__ import annotations

import json
import shutil
import socket
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

WORDS = ["trust", "staff", "the", "leaders", "have", "in", "of", "control", "question", "passage", ":", "a"]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(WORDS), *string.ascii_lowercase[1:]]
VOCABULARY += [f"##{letter}" for letter in string.ascii_lowercase]
POSITIONS = 64


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that asks for an address or connects, even where the error is caught."""
    reached: list[Any] = []

    def refuse(*args: Any, **kwargs: Any) -> Any:
        reached.append(args)
        raise OSError("there is no network in these tests")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield
    assert reached == []


@pytest.fixture(scope="session")
def saved_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny models; copy one before changing it."""
    folder = tmp_path_factory.mktemp("models")
    _save_bert(folder / "encoder", labels=None)
    _save_bert(folder / "scorer", labels=1)
    _save_bert(folder / "sorter", labels=3)
    _save_embedder(folder / "encoder", folder / "embedder")
    save_static(folder / "static")
    return folder


@pytest.fixture
def copied(saved_models: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Copy a tiny model to a folder of one's own."""
    return lambda name: Path(shutil.copytree(saved_models / name, tmp_path / name))


def _save_bert(folder: Path, labels: int | None) -> None:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=POSITIONS,
        num_labels=labels or 2,
        initializer_range=0.5,
    )
    model = BertForSequenceClassification(config) if labels else BertModel(config)
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=32).save_pretrained(folder)


def _save_embedder(encoder: Path, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    transformer = Transformer(str(encoder))
    pooling = Pooling(transformer.get_embedding_dimension())
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder), create_model_card=False)


def save_static(folder: Path) -> None:
    """Save a model in model2vec's format, with the hashes that ours has beside it."""
    import hashlib

    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    folder.mkdir(parents=True)
    tokenizer = Tokenizer(models.WordPiece({token: i for i, token in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    weights = np.random.default_rng(7).normal(size=(len(VOCABULARY), 16)).astype(np.float32)
    save_file({"embeddings": weights}, folder / "model.safetensors")
    module = {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"}
    files = {
        "config.json": {"model_type": "model2vec", "normalize": True},
        "modules.json": [module],
        "sha256.json": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in ("model.safetensors", "tokenizer.json")
        },
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")

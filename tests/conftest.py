"""Fixtures: a fast embedder that needs no model, a small knowledge base, and the whole shipped one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.service import Workshop, build
from kb.analysis import tokens
from kb.answering.candidates import FEATURES
from kb.answering.choosing import FORMS, Form
from kb.answering.support import SUPPORT_FEATURES
from kb.knowledge_base import KnowledgeBase
from kb.models.static import StaticModel
from kb.settings import Settings, load_settings
from kb.shipped import documents_folder
from kb.vocabulary import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]

SMALL = (
    "case/dk-bornholm-mowing-by-result",
    "case/se-tomelilla-trust-based-governance",
    "case/int-nl-buurtzorg",
    "principle/no-principle-trust-must-be-deserved",
    "agreement/dk-elder-care-reform-2024",
    "report/se-timbro-npm-research-review",
)


class HashEmbedder:
    """Bags of words hashed into 64 dimensions: texts that share words are near, in microseconds."""

    dimensions = 64
    window = 256

    def __init__(self, name: str = "hash") -> None:
        self.id = f"{name}/64"
        self.embedded: list[str] = []

    def reads(self, language: str) -> bool:
        return language == "en"

    def count_tokens(self, text: str) -> int:
        return 2 * len(text.split()) + 2

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for token in [*tokens(text), "*"]:
                digest = hashlib.blake2b(token.encode(), digest_size=2).digest()
                vectors[row, digest[0] % 64] += 1 if digest[1] % 2 else -1
            norm = np.linalg.norm(vectors[row])
            vectors[row] = vectors[row] / norm if norm else np.eye(1, self.dimensions)[0]
        return vectors

    def embed_question(self, question: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed([question])[0]
        return vector


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's data folder, settings and working directory."""
    monkeypatch.setenv("TILLIT_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def embedder() -> HashEmbedder:
    """A fresh embedder."""
    return HashEmbedder()


@pytest.fixture(scope="session")
def small_documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six of the shipped documents in all languages; copy it before changing it."""
    folder = tmp_path_factory.mktemp("documents")
    for language in LANGUAGES:
        for name in SMALL:
            target = folder / language / f"{name}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(documents_folder() / language / f"{name}.md", target)
    return folder


@pytest.fixture(scope="session")
def _small_data(tmp_path_factory: pytest.TempPathFactory, small_documents: Path) -> Path:
    data = tmp_path_factory.mktemp("small") / "data"
    build(Workshop(data, HashEmbedder()), small_documents)
    return data


@pytest.fixture
def small_data(_small_data: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with the six documents built into it."""
    data = tmp_path / "small-data"
    shutil.copytree(_small_data, data)
    return data


@pytest.fixture
def plain_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights of answering that a test can foresee, by the words of the question alone; the fitted ones change.

    The form of an answer to a question for a fact, which changes with them, is fixed as well.
    """
    blocks = {"covered": 4.0, "covered with its headings": 6.0, "counts what is counted": 1.0, "opening": -1.0}
    support = {**dict.fromkeys(SUPPORT_FEATURES, 0.0), "document covered": 12.0, "constant": -8.0}
    kinds = ("support", "support by words", "support of texts alone", "support of texts alone by words")
    weights = {"blocks": {**dict.fromkeys(FEATURES, 0.0), **blocks}, **dict.fromkeys(kinds, support)}
    for module in ("ranking", "support"):
        monkeypatch.setattr(f"kb.answering.{module}.stored_weights", lambda: weights)
    monkeypatch.setitem(FORMS, "fact", Form(words=105, documents=2, per_document=3, enough=0.9, floor=0.1, long=60))


@pytest.fixture
def small_kb(small_data: Path, embedder: HashEmbedder, plain_weights: None) -> KnowledgeBase:
    """A knowledge base of six documents."""
    return KnowledgeBase(load_settings(data=small_data), embedder)


@pytest.fixture(scope="session")
def shipped_data() -> Path:
    """The data folder of the whole shipped knowledge base with the real model; kept between runs, so built once."""
    data = ROOT / "build" / "test-data"
    build(Workshop(data, StaticModel()))
    return data


@pytest.fixture(scope="session")
def shipped_kb(shipped_data: Path) -> KnowledgeBase:
    """The whole shipped knowledge base."""
    return KnowledgeBase(Settings(data=shipped_data), StaticModel())


@pytest.fixture
def quick_publish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify generations in this process and leave out the waiting for the disk: for tests of other things."""
    from tests.stored import verify_here

    verify_here(monkeypatch)

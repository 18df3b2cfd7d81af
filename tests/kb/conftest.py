"""Fixtures of the knowledge base's tests: documents to change, and a library of many small ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.service import Workshop, build
from kb.knowledge_base import KnowledgeBase
from kb.records import Document
from kb.settings import load_settings
from kb.shipped import load_shipped
from tests.conftest import HashEmbedder
from tests.kb.library import write_library


@pytest.fixture
def documents(small_documents: Path, tmp_path: Path) -> Path:
    """The six documents in a folder of one's own, to be changed."""
    folder = tmp_path / "documents"
    shutil.copytree(small_documents, folder)
    return folder


@pytest.fixture(scope="session")
def shipped_groups() -> list[list[Document]]:
    """All the shipped documents, each as the list of its languages."""
    return load_shipped()


@pytest.fixture(scope="session")
def _library_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    write_library(folder / "documents")
    build(Workshop(folder / "data", HashEmbedder()), folder / "documents")
    return folder / "data"


@pytest.fixture
def library_kb(_library_data: Path, tmp_path: Path, plain_weights: None) -> Iterator[KnowledgeBase]:
    """A knowledge base of English documents made for the tests, see `tests/kb/library.py`."""
    data = tmp_path / "library-data"
    shutil.copytree(_library_data, data)
    return KnowledgeBase(load_settings(data=data), HashEmbedder())

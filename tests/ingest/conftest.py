"""Fixtures of the tests of ingestion."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def documents(small_documents: Path, tmp_path: Path) -> Path:
    """The six documents in a folder of one's own, to be changed."""
    return Path(shutil.copytree(small_documents, tmp_path / "documents"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "fresh"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"

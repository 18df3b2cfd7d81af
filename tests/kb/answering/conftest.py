"""Fixtures of the tests of answering: a catalogue to keep vectors in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kb.store.writing import writing


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty catalogue."""
    with writing(tmp_path / "catalogue") as connection:
        yield connection

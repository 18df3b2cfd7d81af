"""A store with documents of every sort, for tests that damage it, back it up and restore it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ingest.desk import take_in
from tests.kb.store.damaging import NOTES
from tests.stored import verify_here


@pytest.fixture(scope="session")
def _store(_small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    shutil.copytree(_small_data, folder / "data")
    for name, text in NOTES.items():
        file = folder / "notes" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        verify_here(patch)
        take_in(folder / "data", folder / "notes")
    return folder


@pytest.fixture
def store(_store: Path, tmp_path: Path) -> Path:
    """A data folder of one's own: six shipped documents in four languages and three notes, whose files lie beside."""
    data = tmp_path / "store" / "data"
    shutil.copytree(_store / "data", data)
    shutil.copytree(_store / "notes", tmp_path / "store" / "notes")
    move_notes(data, tmp_path / "store" / "notes")
    return data


def move_notes(data: Path, folder: Path) -> None:
    """Note where the notes lie now."""
    from tests.kb.store.damaging import sql

    sql(data, f"UPDATE documents SET folder = '{folder}' WHERE origin = 'own'")

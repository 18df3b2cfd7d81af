"""A generation that a reader holds is never deleted, and none is ever seen half deleted."""

from __future__ import annotations

import errno
import fcntl
import gc
import os
import shutil
import time
from pathlib import Path

import pytest

from kb.store import held
from kb.store.generation import open_generation, sweep
from tests.kb.store.erasing import files_open_in
from tests.stored import generations_in


def generation(data: Path, name: str) -> Path:
    """Write what looks like a generation and return its folder."""
    folder = data / "index" / name
    (folder / "chroma").mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "chroma" / "chroma.sqlite3").write_text("vectors")
    return folder


def test_all_but_the_kept_are_deleted(tmp_path):
    for name in ("a", "b", "c", ".d"):
        generation(tmp_path, name)
    (tmp_path / "index" / "unfinished").mkdir()
    assert sweep(tmp_path, {"b", None}) == []
    assert generations_in(tmp_path) == {"b"}


def test_one_that_is_held_stays_until_its_last_reader_goes(tmp_path):
    generation(tmp_path, "a")
    first, second = (open_generation(tmp_path, "a") for _ in range(2))
    first.hold()
    second.hold()
    gc.disable()
    try:
        assert sweep(tmp_path, set()) == ["a"]
        del first
        assert sweep(tmp_path, set()) == ["a"]
        assert sorted(path.name for path in (tmp_path / "index" / "a").iterdir()) == ["chroma", "manifest.json"]
        del second
        assert sweep(tmp_path, set()) == []
    finally:
        gc.enable()
    assert generations_in(tmp_path) == set()


def test_one_that_is_only_open_is_not_held(tmp_path):
    generation(tmp_path, "a")
    assert open_generation(tmp_path, "a").manifest == {}
    assert sweep(tmp_path, set()) == []


def test_waiting_is_bounded_for_all_of_them_together(tmp_path):
    readers = [open_generation(tmp_path, generation(tmp_path, name).name) for name in "abc"]
    for reader in readers:
        reader.hold()
    begun = time.monotonic()
    assert sweep(tmp_path, set(), wait=0.3) == ["a", "b", "c"]
    assert 0.25 < time.monotonic() - begun < 10


def test_a_generation_that_is_not_there_cannot_be_held(tmp_path):
    open_generation(tmp_path, "a").hold()
    assert held.share(tmp_path / "nothing") is None


def test_one_that_is_being_deleted_cannot_be_held(tmp_path, monkeypatch):
    folder = generation(tmp_path, "a")
    seen = []

    def look_and_delete(path: Path, ignore_errors: bool) -> None:
        seen.append((path.name, folder.exists(), held.share(path / "manifest.json")))

    monkeypatch.setattr(shutil, "rmtree", look_and_delete)
    assert not held.delete_unused(folder, folder / "manifest.json", 0)
    assert seen == [(".a", False, None)]


def test_what_could_not_be_deleted_whole_is_deleted_by_the_next_sweep(tmp_path, monkeypatch):
    generation(tmp_path, "a")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda path, ignore_errors: None)
        assert sweep(tmp_path, set()) == ["a"]
    assert generations_in(tmp_path) == {".a"}
    assert sweep(tmp_path, set()) == []
    assert generations_in(tmp_path) == set()


def test_one_that_cannot_be_moved_stays_whole(tmp_path, monkeypatch):
    generation(tmp_path, "a")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "rename", refuse)
    assert sweep(tmp_path, set()) == ["a"]
    assert (tmp_path / "index" / "a" / "chroma" / "chroma.sqlite3").exists()


def test_a_drive_without_locks_does_without(tmp_path, monkeypatch):
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    generation(tmp_path, "a")
    monkeypatch.setattr(fcntl, "flock", refuse)
    assert held.share(tmp_path / "index" / "a" / "manifest.json") is None
    open_generation(tmp_path, "a").hold()
    assert sweep(tmp_path, set()) == []
    assert generations_in(tmp_path) == set()


@pytest.mark.parametrize("times", [1, 50], ids=["once", "often"])
def test_holding_leaves_no_file_open(tmp_path, times):
    folder = generation(tmp_path, "a")
    for _ in range(times):
        reader = open_generation(tmp_path, "a")
        reader.hold()
        assert files_open_in(folder) == {"manifest.json"}
        del reader
    assert files_open_in(folder) == set()

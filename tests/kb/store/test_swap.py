"""A restore that is killed at any step leaves the old folder or the new one, and the next one finishes it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb.errors import BackupError
from kb.store import restore as restoring
from kb.store import swap
from kb.store.backup import back_up
from kb.store.swap import fresh_folder, kept_folder
from tests.kb.store import damaging
from tests.kb.store.damaging import faults, mend, siblings, taken_back, tree
from tests.kb.store.writing import document, prepared, publish
from tests.stored import state_of

pytestmark = pytest.mark.usefixtures("quick_publish")


@pytest.fixture
def file(store: Path, tmp_path: Path) -> Path:
    """A backup of the store, which has another document since."""
    back_up(store, tmp_path / "tillit.zip", "1")
    publish(store, prepared(document("bus")))
    return tmp_path / "tillit.zip"


class Killed(BaseException):
    """The process was killed: after this nothing more is done, not even what is done after errors."""


@pytest.fixture
def quick_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what is done with the unpacked folder; it is not swapped in before that is done."""
    monkeypatch.setattr(restoring, "_opens", lambda *_: [])


def killing(patch: pytest.MonkeyPatch, step: int) -> list[int]:
    """Let the process be killed before the step of that number; return a list of the steps that are done."""
    done: list[int] = []

    def before(real: Callable) -> Callable:
        def call(*given: object, **named: object) -> object:
            if len(done) >= step:
                raise Killed
            done.append(step)
            return real(*given, **named)

        return call

    for owner, name in (
        *((restoring, name) for name in ("_unpack", "_read", "_opens")),
        *((swap, name) for name in ("exchange", "sync_folder")),
        *((Path, name) for name in ("rename", "mkdir", "touch")),
        (shutil, "rmtree"),
    ):
        patch.setattr(owner, name, before(getattr(owner, name)))
    return done


def kills(store: Path, file: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Restore into copies of a store, killed at one step after the other, and yield each copy; the last one lives."""
    for step in range(100):
        data = copy / f"{step}" / "data"
        shutil.copytree(store, data)
        with monkeypatch.context() as patch:
            killing(patch, step)
            try:
                taken_back(file, data)
            except Killed:
                killed = True
            else:
                killed = False
        yield data
        if not killed:
            return
    raise AssertionError


@pytest.mark.usefixtures("quick_opening")
def test_killed_at_any_step_the_folder_is_the_old_one_or_the_new_one(store, file, tmp_path, monkeypatch):
    old, seen = state_of(store).fingerprint, []
    shutil.copytree(store, tmp_path / "wanted" / "data")
    taken_back(file, tmp_path / "wanted" / "data")
    new = state_of(tmp_path / "wanted" / "data").fingerprint
    for data in kills(store, file, tmp_path / "killed", monkeypatch):
        found = state_of(data).fingerprint
        assert found in (old, new)
        seen.append(found)
        kept = kept_folder(data)
        taken_back(file, data)
        assert state_of(data).fingerprint == new
        assert state_of(kept).fingerprint == found
        assert siblings(data) == {"data", "data.before-restore"}
    assert seen == sorted(seen, key=lambda each: each == new)
    assert set(seen) == {old, new}
    assert len(seen) > 10


@pytest.mark.usefixtures("quick_opening")
def test_where_names_cannot_be_exchanged_the_old_folder_is_put_back(store, file, tmp_path, monkeypatch):
    monkeypatch.setattr(swap, "exchange", lambda one, other: False)
    old, gone = state_of(store).fingerprint, 0
    for data in kills(store, file, tmp_path / "killed", monkeypatch):
        if not data.exists():
            gone += 1
            assert [advice for _, _, advice in faults(data)] == [damaging.REPAIR]
            mend(data)
            assert state_of(data).fingerprint == old
        assert state_of(data)
        assert not (data / ".being-restored").exists() or not fresh_folder(data).exists()
        taken_back(file, data)
        assert siblings(data) == {"data", "data.before-restore"}
    assert gone == 1


def test_a_repair_clears_a_killed_restore_away(store, file, tmp_path, monkeypatch):
    shutil.copytree(store, fresh_folder(store))
    (fresh_folder(store) / ".being-restored").touch()
    assert damaging.notes(store) == [("leftovers", f"an interrupted restore left {fresh_folder(store)}")]
    assert mend(store) == ["an interrupted restore was cleared away"]
    assert siblings(store) == {"data", "notes"}


def test_a_folder_that_cannot_be_renamed_stays(store, file, monkeypatch):
    def busy(*_: object) -> bool:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    before = tree(store)
    monkeypatch.setattr(swap, "exchange", busy)
    with pytest.raises(BackupError) as caught:
        taken_back(file, store)
    told = f"{store} cannot be replaced (Device or resource busy). Nothing was changed. Name another with --data."
    assert str(caught.value) == told
    assert tree(store) | {"writer.lock": ""} == before | {"writer.lock": ""}
    assert siblings(store) == {"data", "notes"}

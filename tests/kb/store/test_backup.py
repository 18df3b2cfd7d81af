"""A backup is of one moment, whoever writes; it is there whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.service import remove
from kb.errors import BackupError, IndexMissingError
from kb.store import backup
from kb.store.backup import back_up
from kb.store.catalogue import FILE_NAME
from kb.store.writer import Place
from tests.ingest.desk import workshop
from tests.kb.store import damaging
from tests.kb.store.damaging import digest, faults, one, original_of, searched, sql, taken_back, tree
from tests.kb.store.writing import document, ids, prepared, publish
from tests.stored import state_of

pytestmark = pytest.mark.usefixtures("quick_publish")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "tillit.zip"


def test_a_backup_holds_catalogue_and_originals_and_says_their_hashes(store, file):
    before = tree(store)
    manifest = back_up(store, file, "1.2.3")
    with zipfile.ZipFile(file) as bundle:
        assert bundle.testzip() is None
        told = json.loads(bundle.read("manifest.json"))
        contents = {name: bundle.read(name) for name in bundle.namelist() if name != "manifest.json"}
    assert told["members"] == {
        name: {"sha256": digest(content), "bytes": len(content)} for name, content in contents.items()
    }
    assert {name for name in contents if name != FILE_NAME} == {
        f"originals/{path.name}" for path in (store / "originals").iterdir()
    }
    state = state_of(store)
    expected = {"format": 2, "tillit": "1.2.3", "catalogue": 3, "fingerprint": state.fingerprint, "texts": 27}
    assert {name: told[name] for name in expected} == expected
    assert (manifest.fingerprint, manifest.missing) == (state.fingerprint, ())
    assert tree(store) == before
    assert list(file.parent.iterdir()) == [file]


def test_what_is_restored_answers_as_before(store, file, tmp_path):
    back_up(store, file, "1")
    restored = taken_back(file, tmp_path / "new")
    assert (restored.findings, restored.kept) == ((), None)
    assert searched(tmp_path / "new") == searched(store)
    assert state_of(tmp_path / "new").fingerprint == state_of(store).fingerprint
    assert tree(tmp_path / "new" / "originals") == tree(store / "originals")
    assert faults(tmp_path / "new") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backups", "new", "store"]


def test_what_later_steps_keep_beside_the_catalogue_is_in_it(store, file, tmp_path):
    with closing(sqlite3.connect(store / "activity.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE feedback AS SELECT 'up' AS thumb")
        connection.commit()
        (store / "model-scores.json").write_text("{}")
        back_up(store, file, "1", activity=True)
    taken_back(file, tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / "activity.sqlite3")) as connection:
        assert connection.execute("SELECT * FROM feedback").fetchall() == [("up",)]
    assert (tmp_path / "new" / "model-scores.json").read_text() == "{}"


def test_the_runs_of_the_question_set_are_in_it_and_nothing_else_of_their_folder(store, file, tmp_path):
    (store / "eval").mkdir()
    run = "2026-03-31-0123456789ab.jsonl"
    for name in (run, "2026-03-31-0123456789ab.partial", "my notes.jsonl"):
        (store / "eval" / name).write_text(name)
    back_up(store, file, "1")
    assert taken_back(file, tmp_path / "new").findings == ()
    assert [(path.name, path.read_text()) for path in (tmp_path / "new" / "eval").iterdir()] == [(run, run)]


def test_an_erasure_that_is_not_finished_is_finished_in_what_is_restored(store, file, tmp_path):
    remove(workshop(store), ["ferry"])
    (store / "erasure.pending").touch()
    assert damaging.notes(store) == [("leftovers", "what was removed is not erased from the disk yet")]
    back_up(store, file, "1")
    taken_back(file, tmp_path / "new")
    assert damaging.notes(tmp_path / "new") == faults(tmp_path / "new") == []
    assert damaging.mend(store) == ["what was removed is erased from the disk now"]
    assert damaging.notes(store) == []


# While others write ----------------------------------------------------------------------------


def test_a_commit_in_the_middle_of_copying_is_not_in_it(store, file, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "PAGES", 20)
    before = (ids(store), state_of(store).fingerprint)
    copied = []

    def publish_once(stage: str, done: int, total: int) -> None:
        if stage == "copy" and not copied:
            publish(store, prepared(document("bus")))
        copied.append((done, total))

    assert back_up(store, file, "1", progress=publish_once).fingerprint == before[1]
    assert len(copied) > 5
    assert ("bus", "en") in ids(store)
    taken_back(file, tmp_path / "new")
    assert (ids(tmp_path / "new"), state_of(tmp_path / "new").fingerprint) == before


def test_backups_beside_a_busy_writer_are_each_of_one_moment(store, file, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "PAGES", 20)
    acknowledged, enough = [state_of(store).fingerprint], threading.Event()

    def write() -> None:
        for number in range(100):
            if enough.is_set():
                return
            bus = prepared(document(f"bus-{number}", f"Bus {number} leaves."))
            publish(store, replace(bus, place=Place(f"bus-{number}.md", "/notes")))
            acknowledged.append(state_of(store).fingerprint)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            manifest = back_up(store, file, "1", force=True)
            taken_back(file, tmp_path / f"new-{number}")
            assert faults(tmp_path / f"new-{number}") == []
            assert state_of(tmp_path / f"new-{number}").fingerprint == manifest.fingerprint
            assert len(ids(tmp_path / f"new-{number}")) == manifest.texts
    finally:
        enough.set()
        writer.join()
    assert manifest.fingerprint in acknowledged


def test_an_original_that_is_removed_meanwhile_makes_it_begin_anew(store, file, tmp_path, monkeypatch):
    real, copies = backup._copy_database, []

    def copy_and_remove(*given: object) -> None:
        real(*given)
        copies.append(given)
        if len(copies) == 1:
            remove(workshop(store), ["ferry"])

    monkeypatch.setattr(backup, "_copy_database", copy_and_remove)
    assert back_up(store, file, "1").missing == ()
    assert len(copies) == 2
    taken_back(file, tmp_path / "new")
    assert ids(tmp_path / "new") == ids(store)


def test_where_documents_change_all_the_time_there_is_no_backup(store, file, monkeypatch):
    monkeypatch.setattr(backup, "_state_now", lambda data: None)
    original_of(store, "ferry").unlink()
    with pytest.raises(BackupError, match="Documents are being changed all the time"):
        back_up(store, file, "1")
    assert list(file.parent.iterdir()) == []


def test_a_missing_original_is_told_of_and_the_rest_is_backed_up(store, file, tmp_path):
    name = original_of(store, "ferry").name
    original_of(store, "ferry").unlink()
    (store.parent / "notes" / "ferry.md").unlink()
    assert back_up(store, file, "1").missing == (name,)
    restored = taken_back(file, tmp_path / "new")
    assert [finding.message for finding in restored.findings] == ["1 original is missing: ferry"]
    assert searched(tmp_path / "new") == searched(store)


# Whole or not at all ---------------------------------------------------------------------------


def test_a_file_is_not_overwritten_unless_that_is_asked_for(store, file):
    file.write_text("mine")
    with pytest.raises(BackupError) as caught:
        back_up(store, file, "1")
    assert str(caught.value) == f"{file} exists already. Name another file, or overwrite this one with --force."
    assert file.read_text() == "mine"
    back_up(store, file, "1", force=True)
    assert zipfile.is_zipfile(file)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("owner", "name"), [(zipfile.ZipFile, "writestr"), (os, "fsync"), (Path, "replace")], ids=["write", "sync", "name"]
)
def test_a_full_disk_leaves_the_backup_before(store, file, monkeypatch, owner, name):
    file.write_text("before")
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        with pytest.raises(BackupError) as caught:
            back_up(store, file, "1", force=True)
    assert str(caught.value) == (
        f"The backup cannot be written to {file} (No space left on device). Name a file elsewhere; none was made."
    )
    assert file.read_text() == "before"
    assert list(file.parent.iterdir()) == [file]


def test_too_little_room_is_told_of_before_anything_is_written(store, file, monkeypatch):
    usage = shutil.disk_usage(file.parent)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(BackupError, match=f"^There is too little room for a backup in {file.parent}: 0.0 MB are free"):
        back_up(store, file, "1")
    assert list(file.parent.iterdir()) == []


def test_what_a_killed_backup_left_is_overwritten(store, file):
    file.with_name("tillit.zip.partial").write_bytes(bytes(10_000_000))
    file.with_name(f"tillit.zip.partial-{FILE_NAME}").write_bytes(bytes(10_000_000))
    back_up(store, file, "1")
    assert zipfile.ZipFile(file).testzip() is None
    assert list(file.parent.iterdir()) == [file]


def test_two_backups_to_one_file_do_not_mix(store, file):
    told = []

    def begin_another(stage: str, done: int, total: int) -> None:
        if not told:
            told.append("")
            with pytest.raises(BackupError) as caught:
                back_up(store, file, "1")
            told.append(str(caught.value))

    back_up(store, file, "1", progress=begin_another)
    assert told[1] == f"Another process is writing {file}. Wait until it is done."
    assert zipfile.ZipFile(file).testzip() is None


def test_a_damaged_catalogue_is_not_backed_up(store, file):
    content = bytearray((store / FILE_NAME).read_bytes())
    content[4096 * 3 : 4096 * 40] = bytes(4096 * 37)
    (store / FILE_NAME).write_bytes(content)
    with pytest.raises(BackupError, match=r"(is damaged|cannot be copied) \(.*\).* See: tillit doctor$"):
        back_up(store, file, "1")
    (store / FILE_NAME).write_bytes(bytes(len(content)))
    with pytest.raises(BackupError, match=rf"^The catalogue in {store} cannot be copied \(file is not a database\)"):
        back_up(store, file, "1")
    assert list(file.parent.iterdir()) == []


def test_a_newer_catalogue_is_not_backed_up(store, file):
    sql(store, "PRAGMA user_version = 99")
    with pytest.raises(BackupError, match="was written by a newer Tillit"):
        back_up(store, file, "1")


def test_without_an_index_there_is_nothing_to_back_up(tmp_path, file):
    with pytest.raises(IndexMissingError):
        back_up(tmp_path / "none", file, "1")


@pytest.mark.parametrize(
    ("target", "reason"),
    [("", "exists already"), ("inside.zip", "lies in the data folder"), ("none/x.zip", "lies in the data folder")],
)
def test_a_backup_does_not_lie_in_the_data_folder(store, target, reason):
    before = tree(store)
    with pytest.raises(BackupError, match=reason):
        back_up(store, store / target, "1")
    assert tree(store) == before


def test_a_folder_that_is_not_there_is_told_of(store, tmp_path):
    with pytest.raises(BackupError, match=r"cannot be written to .* \(No such file or directory\)"):
        back_up(store, tmp_path / "none" / "x.zip", "1")


def test_a_backup_of_an_older_catalogue_is_brought_up_to_date(store, file, tmp_path):
    sql(store, *(f"DROP TABLE {name}" for name in ("source_pages", "journal", "runs", "quarantine")))
    sql(store, "PRAGMA user_version = 2")
    assert back_up(store, file, "1").catalogue == 2
    taken_back(file, tmp_path / "new")
    assert one(tmp_path / "new", "PRAGMA user_version") == 3
    assert faults(tmp_path / "new") == []

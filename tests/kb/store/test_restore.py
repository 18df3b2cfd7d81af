"""Restoring: checked before anything is touched; what is not a whole backup is refused."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.errors import BackupError, KBError, LockedError
from kb.store.backup import back_up
from kb.store.catalogue import FILE_NAME
from kb.store.lock import writer_lock
from kb.store.swap import fresh_folder, kept_folder
from tests.kb.store import damaging
from tests.kb.store.damaging import digest, faults, searched, siblings, sql, taken_back, tree
from tests.kb.store.writing import document, ids, prepared, publish

pytestmark = pytest.mark.usefixtures("quick_publish")

Members = dict[str, bytes]


@pytest.fixture
def file(store: Path, tmp_path: Path) -> Path:
    """A backup of the store, which has another document since."""
    back_up(store, tmp_path / "tillit.zip", "1")
    publish(store, prepared(document("bus")))
    return tmp_path / "tillit.zip"


def test_what_was_there_is_replaced_and_kept(store, file):
    before = tree(store)
    restored = taken_back(file, store)
    assert restored.kept == kept_folder(store) == store.with_name("data.before-restore")
    assert tree(restored.kept) | {"writer.lock": ""} == before | {"writer.lock": ""}
    assert ("bus", "en") not in ids(store)
    assert faults(store) == damaging.notes(store) == []
    assert siblings(store) == {"data", "data.before-restore", "notes"}


def test_one_replaced_folder_is_kept(store, file):
    taken_back(file, store)
    publish(store, prepared(document("tram")))
    taken_back(file, store)
    assert ("tram", "en") in ids(kept_folder(store))
    assert ("bus", "en") not in ids(kept_folder(store))
    assert siblings(store) == {"data", "data.before-restore", "notes"}


def test_a_folder_that_holds_something_is_not_replaced_unasked(store, file):
    before = tree(store)
    with pytest.raises(BackupError) as caught:
        taken_back(file, store, force=False)
    assert str(caught.value) == (
        f"{store} holds a knowledge base. Replace it with --force, or name another with --data."
    )
    assert tree(store) == before


def test_an_empty_folder_is_filled_unasked(file, tmp_path):
    (tmp_path / "new").mkdir()
    assert taken_back(file, tmp_path / "new", force=False).kept is None
    assert faults(tmp_path / "new") == []
    assert not kept_folder(tmp_path / "new").exists()


def test_a_damaged_store_is_replaced(store, file):
    (store / FILE_NAME).write_bytes(bytes(100_000))
    taken_back(file, store)
    assert faults(store) == []


def test_a_link_is_followed_to_the_folder_that_is_replaced(store, file, tmp_path):
    (tmp_path / "link").symlink_to(store)
    assert taken_back(file, tmp_path / "link").kept == kept_folder(store)
    assert (tmp_path / "link").is_symlink()


def test_while_somebody_writes_nothing_is_replaced(store, file):
    before = tree(store)
    with writer_lock(store, 0), pytest.raises(LockedError):
        taken_back(file, store)
    assert tree(store) == before


def test_the_replaced_folder_is_free_for_writers(store, file):
    taken_back(file, store)
    for folder in (store, kept_folder(store)):
        assert not (folder / "writer.pid").exists()
        with writer_lock(folder, 0):
            pass


# Backups that are not whole --------------------------------------------------------------------


def members_of(file: Path) -> Members:
    with zipfile.ZipFile(file) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def write(file: Path, members: Members, told: Callable[[dict], object] = lambda manifest: None) -> None:
    """Write a backup with members, and with a manifest that was changed."""
    manifest = json.loads(members["manifest.json"])
    told(manifest)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            bundle.writestr(name, content)


def original_in(members: Members) -> str:
    return min(name for name in members if name.startswith("originals/"))


def tampered(members: Members) -> Members:
    content = bytearray(members[FILE_NAME])
    content[-1] ^= 1
    return {**members, FILE_NAME: bytes(content)}


def without(members: Members, name: str) -> Members:
    return {key: content for key, content in members.items() if key != name}


def longer(members: Members) -> Members:
    return {**members, FILE_NAME: members[FILE_NAME] + b"more"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (tampered, f"{FILE_NAME} was changed"),
        (longer, f"{FILE_NAME} was changed"),
        (lambda members: without(members, FILE_NAME), f"{FILE_NAME} is missing"),
        (lambda members: without(members, original_in(members)), "originals/.* is missing"),
        (lambda members: {**members, "originals/more.md": b""}, "originals/more.md does not stand in its manifest"),
    ],
    ids=["changed", "longer", "no catalogue", "no original", "one more"],
)
def test_a_backup_whose_members_are_not_those_of_its_manifest_is_refused(store, file, change, reason):
    write(file, change(members_of(file)))
    before = tree(store)
    with pytest.raises(BackupError, match=rf"^{file} is not a whole backup \({reason}\). Nothing was changed.$"):
        taken_back(file, store)
    assert (tree(store), siblings(store)) == (before, {"data", "notes"})


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../evil.txt",
            "/evil.txt",
            "originals/../../evil.txt",
            "originals/..",
            "originals/a/b",
            "originals/",
            "evil",
        ),
        *(
            "originals/.hidden",
            "originals\\..\\evil",
            "index/0123456789ab/keys.npy",
            "eval/../../x.jsonl",
            "writer.lock",
            "./catalogue.sqlite3",
        ),
    ],
)
def test_a_member_that_would_lie_elsewhere_is_refused(store, file, tmp_path, name):
    def tell(manifest: dict) -> None:
        manifest["members"][name] = {"sha256": digest(b"evil"), "bytes": 4}

    write(file, {**members_of(file), name: b"evil"}, tell)
    before = tree(tmp_path)
    with pytest.raises(BackupError, match="it has a member that does not belong there: "):
        taken_back(file, store)
    assert tree(tmp_path) | {"store/data/writer.lock": ""} == before | {"store/data/writer.lock": ""}


def test_two_members_of_one_name_are_refused(store, file):
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as bundle:
        bundle.writestr(FILE_NAME, b"another")
    with pytest.raises(BackupError, match="two of its members have one name"):
        taken_back(file, store)


@pytest.mark.parametrize(
    ("tell", "reason"),
    [
        (lambda m: m.pop("members"), "its manifest is not one of Tillit's"),
        (lambda m: m.pop("format"), "its manifest says nothing"),
        (lambda m: m["members"][FILE_NAME].update(bytes=-1), "its manifest is not one of Tillit's"),
        (lambda m: m["members"][FILE_NAME].update(sha256="x"), "its manifest is not one of Tillit's"),
        (lambda m: m["members"].clear(), ".* does not stand in its manifest"),
        (lambda m: m["members"][FILE_NAME].update(bytes=12), f"{FILE_NAME} was changed"),
    ],
    ids=["members", "format", "length", "hash", "empty", "shorter"],
)
def test_a_manifest_that_says_something_else_is_refused(store, file, tell, reason):
    write(file, members_of(file), tell)
    with pytest.raises(BackupError, match=rf"is not a whole backup \({reason}\)"):
        taken_back(file, store)


def test_a_backup_of_the_format_before_is_restored(store, file, tmp_path):
    write(file, members_of(file), lambda manifest: manifest.update(format=1))
    assert taken_back(file, tmp_path / "new").findings == ()


@pytest.mark.parametrize("tell", [lambda m: m.update(format=3, more=1), lambda m: m.update(catalogue=99)])
def test_a_newer_programs_backup_is_refused_in_one_sentence(store, file, tell):
    write(file, members_of(file), lambda manifest: (manifest.update(tillit="9.0"), tell(manifest)))
    with pytest.raises(BackupError) as caught:
        taken_back(file, store)
    assert str(caught.value) == f"{file} was made by a newer Tillit (9.0). Upgrade Tillit to restore it."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (damaging.cut, "is not a whole backup"),
        (lambda file: file.write_bytes(b"what is this"), "is not a whole backup"),
        (lambda file: file.write_bytes(b""), "is not a whole backup"),
        (lambda file: damaging.flip(file, file.stat().st_size // 3), "is not a whole backup"),
        (lambda file: zipfile.ZipFile(file, "w").close(), r"is not a whole backup \(it has no manifest\)"),
        (Path.unlink, r"cannot be read \(No such file or directory\)"),
    ],
    ids=["cut", "another file", "empty", "flipped", "no members", "gone"],
)
def test_a_file_that_is_no_backup_is_refused(store, file, change, reason):
    change(file)
    before = tree(store)
    with pytest.raises(BackupError, match=f"^{file} {reason}"):
        taken_back(file, store)
    assert tree(store) == before


def test_a_catalogue_that_cannot_be_opened_is_refused_before_the_swap(store, file):
    members = members_of(file)
    members[FILE_NAME] = bytes(5000)

    def tell(manifest: dict) -> None:
        manifest["members"][FILE_NAME] = {"sha256": digest(bytes(5000)), "bytes": 5000}

    write(file, members, tell)
    before = tree(store)
    with pytest.raises(BackupError, match=f"^{file} cannot be opened: .*Nothing was changed.$"):
        taken_back(file, store)
    assert (tree(store) | {"writer.lock": ""}, siblings(store)) == (before | {"writer.lock": ""}, {"data", "notes"})


# Room ------------------------------------------------------------------------------------------


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_too_little_room_is_told_of_before_anything_is_written(store, file, monkeypatch):
    usage = shutil.disk_usage(store)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(BackupError, match=rf"^There is too little room in {store.parent}: 0.0 MB are free, .* MB are"):
        taken_back(file, store)
    assert siblings(store) == {"data", "notes"}


@pytest.mark.parametrize("where", ["shutil.rmtree", "pathlib.Path.touch", "os.fsync", "kb.store.swap.exchange"])
def test_a_full_disk_changes_nothing(store, file, monkeypatch, where):
    before = (tree(store), searched(store))
    if where == "shutil.rmtree":
        fresh_folder(store).mkdir()
        (fresh_folder(store) / ".being-restored").touch()
    with monkeypatch.context() as patch:
        patch.setattr(where, full)
        with pytest.raises(KBError) as caught:
            taken_back(file, store)
    full_disk = (
        rf"The disk that holds {store}(\.restoring)? is full\. Free some space and try again; nothing was lost\."
    )
    assert re.fullmatch(full_disk, str(caught.value))
    assert tree(store) | {"writer.lock": ""} == before[0] | {"writer.lock": ""}
    assert searched(store) == before[1]


def test_what_is_wrong_with_a_backup_that_opens_is_told_of(store, tmp_path):
    sql(store, "UPDATE documents SET text = replace(text, 'a', 'e') WHERE id = 'ferry'")
    back_up(store, tmp_path / "x.zip", "1")
    restored = taken_back(tmp_path / "x.zip", tmp_path / "new")
    assert [(f.check, f.verdict) for f in restored.findings] == [("documents", "wrong")]
    assert searched(tmp_path / "new")

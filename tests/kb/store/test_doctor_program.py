"""The doctor and what lies around the catalogue: the folder, its disk, the program and its models; no crash."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from kb.errors import ModelError
from kb.models.static import StaticModel, bundled_folder
from kb.store.catalogue import FILE_NAME
from kb.store.checks import documents, index, program
from kb.store.checks.catalogue import open_to_look
from kb.store.doctor import Surroundings
from kb.store.repair import repair
from tests.kb.store import damaging
from tests.kb.store.damaging import AROUND, BUILD, cut, examined, faults, refuse_lock_file, sql, tree
from tests.kb.store.writing import document, prepared, publish
from tests.stored import Turned, probe_by, state_of

pytestmark = pytest.mark.usefixtures("quick_publish")


def only(data: Path, check: str, around: Surroundings = AROUND) -> tuple[str, str, str]:
    """Return verdict, message and advice of one check."""
    (finding,) = [finding for finding in examined(data, around) if finding.check == check]
    return finding.verdict, finding.message, finding.advice


def test_without_a_folder_there_is_little_to_say(tmp_path):
    assert faults(tmp_path / "none") == [("folder", f"{tmp_path / 'none'} is not there", "Make it with: tillit build")]
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    told = (f"{tmp_path / 'file'} is not a folder", "Name another with --data or TILLIT_DATA")
    assert faults(tmp_path / "file") == [("folder", *told)]


@pytest.mark.parametrize("part", ["", FILE_NAME, "index", "originals"])
def test_what_cannot_be_read_is_told_of(store, monkeypatch, part):
    monkeypatch.setattr(os, "access", lambda path, mode: path != store / part or not mode & os.R_OK)
    message = f"{store / part} cannot be read"
    assert only(store, "folder") == ("wrong", message, "Give this user the right to read and write it")


@pytest.mark.parametrize("part", ["", FILE_NAME, "index", "originals"])
def test_what_can_only_be_read_is_worth_a_note_since_answers_are_right(store, monkeypatch, part):
    monkeypatch.setattr(os, "access", lambda path, mode: path != store / part or not mode & os.W_OK)
    message = f"{store / part} cannot be written, so that questions are answered, but nothing is built or taken in"
    assert only(store, "folder") == ("note", message, "Give this user the right to write it")


def test_little_room_is_worth_a_note(store, monkeypatch):
    usage = shutil.disk_usage(store)._replace(free=400_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    verdict, message, advice = only(store, "disk")
    assert (verdict, advice) == ("note", "Free some space before you build or ingest")
    assert re.fullmatch(r"there is little room: 400\.0 MB free, [\d.]+ MB used by Tillit", message)


def test_a_full_temporary_folder_is_told_of_and_the_other_checks_are_made(store, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(index, "probe_copy", full)
    message = "it could not be checked (OSError: No space left on device)"
    assert faults(store) == [("index", message, "Free some space in the temporary folder and try again")]


def test_a_check_that_fails_is_told_of_and_the_others_are_made(store, monkeypatch):
    monkeypatch.setattr(documents, "check_documents", lambda *_: 1 / 0)
    ((check, message, _),) = faults(store)
    assert (check, message) == ("documents", "it could not be checked (ZeroDivisionError: division by zero)")


def test_nothing_is_written(store, monkeypatch):
    probe_by(monkeypatch, shutil.rmtree)  # what Chroma changes is a copy
    before = tree(store)
    examined(store)
    assert tree(store) == before


def test_where_a_commit_comes_in_between_the_checks_are_made_again(store, monkeypatch):
    looked = []

    def look_and_publish(folder: Path) -> str | None:
        looked.append(folder.name)
        if len(looked) == 1:
            publish(store, prepared(document("bus")))
        return "gone" if len(looked) == 1 else None

    monkeypatch.setattr(index, "probe_copy", look_and_publish)
    findings = {finding.check: finding for finding in examined(store)}
    assert looked[-1] == state_of(store).generation != looked[0]
    assert findings["index"].verdict == "ok"


def test_a_folder_that_cannot_be_written_is_read_all_the_same(store):
    refuse_lock_file(store)
    connection = open_to_look(store / FILE_NAME)
    assert connection.execute("SELECT count(*) FROM documents").fetchone() == (27,)
    connection.close()
    (store / f"{FILE_NAME}-wal").write_bytes(b"a log")
    with pytest.raises(sqlite3.OperationalError):
        open_to_look(store / FILE_NAME)


def test_another_model_than_the_indexs_is_told_of(store):
    message = "the index was built with hash/64, but turned/64 is set"
    assert faults(store, Surroundings(Turned)) == [("model", message, BUILD)]


def test_a_model_that_cannot_be_opened_is_told_of_and_the_index_is_mended_without_it(store):
    def missing() -> Turned:
        raise ModelError("The model big is not on this machine. Fetch it with: hf download big")

    around = Surroundings(missing)
    damaging.delete_generation(store)
    assert [check for check, _, _ in faults(store, around)] == ["index", "model"]
    assert repair(store, around, 0) == ["the index was made anew"]
    told = ("The model big is not on this machine", "Fetch it with: hf download big")
    assert faults(store, around) == [("model", *told)]
    assert faults(store) == []


def test_a_file_of_a_bundled_model_that_was_changed_is_told_of(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(bundled_folder(), folder)
    assert program.check_bundled(StaticModel(folder))[0].verdict == "ok"
    cut(folder / "matching.safetensors")
    (finding,) = program.check_bundled(StaticModel(folder))
    assert (finding.verdict, finding.advice) == ("wrong", "Install Tillit again")
    assert finding.message == f"{folder / 'matching.safetensors'} is not the file that was expected"


def test_a_missing_program_is_worth_a_note(store, monkeypatch):
    monkeypatch.setattr(program, "PACKAGES", ("tillit", "no-such-package"))
    verdict, message, _ = only(store, "versions", Surroundings(AROUND.model, AROUND.chunker))
    assert verdict == "note"
    assert message.endswith(", no pandoc; not installed: no-such-package")


def test_the_languages_of_scanned_pages_are_told_where_tesseract_is(store):
    _, message, _ = only(store, "versions", Surroundings(AROUND.model, AROUND.chunker, ocr=lambda: "dan, eng"))
    assert message.endswith(", no pandoc, Tesseract for dan, eng")


def test_the_fingerprint_of_an_upgraded_program_is_known_though_it_cut_nothing(store):
    before = state_of(store)
    publish(store)  # as a removal does: nothing is cut, and the program's version of the chunker counts
    sql(store, "UPDATE documents SET chunker = 'older'")
    assert faults(store) == []
    assert state_of(store).fingerprint == before.fingerprint
    ((check, message, _),) = faults(store, Surroundings(AROUND.model))
    assert (check, message) == ("fingerprint", "it is not that of the documents")

"""The doctor: a line a check, nothing written, no crash; what is left over is cleared away."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from kb.errors import CatalogueError, DataFolderError, LockedError
from kb.store import generation
from kb.store.catalogue import FILE_NAME
from kb.store.checks.catalogue import GIVE_RIGHTS
from kb.store.doctor import is_well
from kb.store.lock import writer_lock
from tests.kb.store import damaging
from tests.kb.store.damaging import (
    BUILD,
    cut,
    examined,
    faults,
    index_of,
    mend,
    one,
    refuse_lock_file,
    searched,
    sql,
    tree,
)
from tests.kb.store.writing import document, prepared, publish, stage, writing
from tests.stored import generations_in, state_of

pytestmark = pytest.mark.usefixtures("quick_publish")


def test_of_a_sound_folder_each_check_says_so_in_a_line(store):
    lines = [(f.check, f.verdict, f.message) for f in examined(store) if f.check not in ("disk", "versions", "models")]
    state = state_of(store)
    assert [(check, message) for check, verdict, message in lines if verdict == "ok"] == [
        ("folder", f"{store} can be read and written"),
        ("lock", "nobody is writing"),
        ("catalogue", "whole, version 3, 27 texts of 9 documents"),
        ("rows", "every row belongs to a document"),
        ("terms", "every chunk has its search terms, in 4 tables"),
        ("documents", f"every text has its hash, every block and each of {one(store, 'SELECT count(*) FROM chunks')} "
         "chunks its place in a text"),
        ("originals", "3 files of your own, each with the hash that its name says"),
        ("vectors", f"no text lacks its vector; {one(store, 'SELECT count(*) FROM embeddings')} of hash/64"),
        ("fingerprint", f"{state.fingerprint[:12]}, that of the documents, committed {state.updated}"),
        ("index", f"generation {state.generation}: {len(generation.open_generation(store, state.generation).keys)} "
         "vectors, also in Chroma"),
        ("leftovers", "none"),
        ("model", "hash/64 made the vectors"),
        ("reader", "files are read in a process of their own"),
    ]  # fmt: skip
    assert len(lines) == 13


def test_versions_are_told(store):
    (line,) = [finding.message for finding in examined(store) if finding.check == "versions"]
    assert re.fullmatch(
        r"Python [\d.]+, SQLite [\d.]+, tillit \S+, chromadb \S+, llama-index-core \S+, pypdf \S+, numpy \S+, "
        r"pandoc 3.0",
        line,
    )


def test_nothing_is_repaired_where_nothing_is_wrong(store):
    before = tree(store)
    assert mend(store) == []
    assert tree(store) == before


# What is left over: no fault, but cleared away -------------------------------------------------


def leave_staged(data: Path) -> None:
    with writing(data) as connection:
        stage(connection, [prepared(document("bus"))])


def leave_half_a_generation(data: Path) -> None:
    half = data / "index" / "0123456789ab"
    half.mkdir()
    (half / "keys.npy").touch()


def leave_a_whole_generation(data: Path) -> None:
    shutil.copytree(index_of(data), data / "index" / "0123456789ab")
    os.utime(data / "index" / "0123456789ab" / "manifest.json")


def leave_an_original(data: Path) -> None:
    (data / "originals" / f"{'0' * 64}.pdf").touch()


def leave_half_an_original(data: Path) -> None:
    (data / "originals" / f".{'0' * 64}.pdf.123").touch()


def leave_hashes(data: Path) -> None:
    (data / "model-hashes.123").touch()


@pytest.mark.parametrize(
    ("leave", "message"),
    [
        (leave_staged, "1 staged text"),
        (leave_half_a_generation, "1 generation that nothing uses"),
        (leave_a_whole_generation, "1 generation that nothing uses"),
        (leave_an_original, "1 original that nothing uses"),
        (leave_half_an_original, "1 original that nothing uses"),
        (leave_hashes, "1 temporary file that nothing uses"),
    ],
)
def test_what_an_interrupted_run_left_is_no_fault_and_cleared_away(store, leave, message):
    before = (tree(store), searched(store))
    leave(store)
    assert damaging.notes(store) == [("leftovers", f"an interrupted run left {message}")]
    assert is_well(examined(store))
    assert len(mend(store)) == 1
    assert damaging.notes(store) == []
    assert searched(store) == before[1]
    assert {name for name in tree(store) if name not in before[0]} <= {"writer.lock"}


@pytest.mark.parametrize("hours", [0, -24], ids=["the clock goes on", "the clock was set back"])
def test_the_generation_before_is_no_leftover(store, hours):
    before = state_of(store).generation
    publish(store, prepared(document("bus")))
    manifest = index_of(store) / "manifest.json"
    written = manifest.stat().st_mtime + hours * 3600
    os.utime(manifest, (written, written))
    assert damaging.notes(store) == mend(store) == []
    assert generations_in(store) == {before, state_of(store).generation}


def test_beside_a_writer_nothing_is_left_over(store):
    leave_staged(store)
    leave_half_a_generation(store)
    with writer_lock(store, 0):
        findings = {finding.check: finding.message for finding in examined(store)}
        assert damaging.notes(store) == faults(store) == []
        with pytest.raises(LockedError):
            mend(store)
    assert findings["lock"] == f"process {os.getpid()} is writing just now"
    assert findings["leftovers"] == "not looked for while somebody is writing"


@pytest.mark.parametrize("number", ["999999999", "0", "-1", "99999999999999999999999"])
def test_a_writer_that_was_killed_is_told_of(store, number):
    (store / "writer.pid").write_text(number)
    told = f"process {number} was stopped while it was writing; nothing that was acknowledged is lost"
    assert damaging.notes(store) == [("lock", told)]
    mend(store)
    assert damaging.notes(store) == []


def test_a_lock_whose_holder_ended_is_told_of(store):
    with writer_lock(store, 0):
        (store / "writer.pid").write_text("999999999")
        assert damaging.notes(store) == [
            ("lock", "the writer's lock is held, though process 999999999, which took it, has ended")
        ]


# What cannot be mended -------------------------------------------------------------------------

RESTORE = (
    "Put back a backup with: tillit restore FILE --force; or move catalogue.sqlite3 away, run: tillit build, and "
    "ingest your own files again"
)


def zeros(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def other_page(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 40] = bytes(4096 * 37)
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "message", "advice"),
    [
        (zeros, "it is damaged (file is not a database)", RESTORE),
        (lambda file: file.write_bytes(b"what is this" * 500), "it is damaged (file is not a database)", RESTORE),
        (cut, "it is damaged (", RESTORE),
        (other_page, "it is damaged (", RESTORE),
        (lambda file: file.write_bytes(b""), "nothing has been built yet", "Build it with: tillit build"),
        (Path.unlink, "nothing has been built yet", "Build it with: tillit build"),
    ],
    ids=["zeros", "another file", "cut", "pages", "empty", "gone"],
)
def test_a_damaged_catalogue_is_told_of_and_left_as_it_is(store, damage, message, advice):
    damage(store / FILE_NAME)
    before = tree(store)
    ((check, told, what),) = faults(store)
    assert (check, what) == ("catalogue", advice)
    assert told.startswith(message)
    with pytest.raises(CatalogueError):
        mend(store)
    assert tree(store) == before


def test_a_catalogue_that_cannot_be_opened_is_not_called_damaged(store):
    refuse_lock_file(store)
    (store / f"{FILE_NAME}-wal").write_bytes(b"a log that only a writer can read in")
    before = tree(store)
    assert faults(store) == [("catalogue", "it cannot be opened (unable to open database file)", GIVE_RIGHTS)]
    with pytest.raises(DataFolderError, match=r"\(unable to open database file\)\. Give this user the right to read"):
        mend(store)
    assert tree(store) == before


@pytest.mark.parametrize(
    ("version", "message", "advice"),
    [
        (99, "it has version 99, but this Tillit knows 3 at most", "Upgrade Tillit"),
        (2, "it has version 2, not 3", "Bring it up to date with: tillit build"),
    ],
)
def test_a_catalogue_of_another_version_is_told_of(store, version, message, advice):
    sql(store, f"PRAGMA user_version = {version}")
    assert faults(store) == [("catalogue", message, advice)]
    with pytest.raises(CatalogueError):
        mend(store)
    assert one(store, "PRAGMA user_version") == version


def test_a_migrated_catalogue_has_to_be_built(store):
    sql(store, "UPDATE state SET generation = NULL, model = NULL", "UPDATE documents SET chunker = ''")
    mend(store)
    assert ("index", "it has to be made anew", BUILD) in faults(store)


def test_a_catalogue_without_a_commit_has_to_be_built(store):
    sql(store, "DELETE FROM state")
    assert faults(store) == [("catalogue", "nothing has been committed yet", "Build it with: tillit build")]
    assert mend(store) == []

"""A generation is whole or not there; copying and changing gives what building anew gives."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from chromadb.errors import InternalError

from kb.errors import DataFolderError
from kb.records import no_progress
from kb.store import chroma, generation, verify
from kb.store.catalogue import term_language
from kb.store.chroma import ChromaSearcher
from kb.store.generation import Added, Change, Generation, Probe, build_generation, open_generation, probe, sweep
from tests.conftest import ROOT
from tests.stored import generations_in, probe_by, verify_here

DIMENSIONS = 8


def vectors_of(keys: list[int]) -> np.ndarray:
    """Return for each key a unit vector of its own, always the same."""
    rows = [np.random.default_rng(key).normal(size=DIMENSIONS) for key in keys]
    return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32).reshape(-1, DIMENSIONS)


def spoken(key: int) -> str:
    """Return the language of a chunk: odd keys are Danish, even ones English, and 8 is Finnish."""
    return "fi" if key == 8 else "da" if key % 2 else "en"


def added(keys: list[int]) -> list[Added]:
    return [(key, f"text {key}", {"document_id": f"d{key}", "language": spoken(key), "start": key}) for key in keys]


def change(keys: list[int], removed: tuple[int, ...] = ()) -> Change:
    languages = np.array([term_language(spoken(key)) for key in keys], dtype="U2")
    return Change("model", DIMENSIONS, np.array(keys, dtype=np.int64), languages, added, vectors_of, list(removed))


def built(data: Path, keys: list[int], base: Generation | None = None, removed: tuple[int, ...] = ()) -> Generation:
    return open_generation(data, build_generation(data, base, change(keys, removed), no_progress))


@pytest.fixture
def quick(monkeypatch):
    verify_here(monkeypatch)


def as_lists(moments: tuple[np.ndarray, ...]) -> list[list[float]]:
    return [array.tolist() for array in moments]


def in_chroma(of: Generation) -> dict[str, tuple[str, list[float]]]:
    with chroma.collection(of.folder / "chroma") as chunks:
        found = chunks.get(include=["documents", "embeddings"])
    rows = zip(found["ids"], found["documents"], found["embeddings"], strict=True)
    return {key: (text, [float(x) for x in vector]) for key, text, vector in rows}


def test_a_generation_holds_what_was_added(tmp_path, quick):
    made = built(tmp_path, [3, 5, 9])
    assert made.manifest == {"model": "model", "dimensions": DIMENSIONS, "count": 3, "before": None}
    assert made.keys.tolist() == [3, 5, 9]
    np.testing.assert_array_equal(made.vectors, vectors_of([3, 5, 9]))
    files = ["chroma", "keys.npy", "languages.npy", "manifest.json", "moments.npz", "vectors.npy"]
    assert sorted(path.name for path in made.folder.iterdir()) == files
    assert {key: text for key, (text, _) in in_chroma(made).items()} == {"3": "text 3", "5": "text 5", "9": "text 9"}


@pytest.mark.parametrize(
    ("added", "removed"),
    [([6, 7], ()), ([0], ()), ([], (2, 4)), ([6, 8], (1, 5)), ([], (1, 2, 3, 4, 5)), ([7], (1, 2, 3, 4, 5)), ([], ())],
    ids=["more", "more before", "fewer", "both", "nothing left", "all others", "the same"],
)
def test_copying_and_changing_gives_what_building_anew_gives(tmp_path, quick, added, removed):
    base = built(tmp_path, [1, 2, 3, 4, 5])
    changed = built(tmp_path, added, base, removed)
    anew = built(tmp_path, sorted({1, 2, 3, 4, 5, *added} - set(removed)))
    assert changed.manifest == anew.manifest
    np.testing.assert_array_equal(changed.keys, anew.keys)
    np.testing.assert_array_equal(changed.vectors, anew.vectors)
    np.testing.assert_array_equal(changed.languages, anew.languages)
    assert {language: as_lists(own) for language, own in changed.moments.items()} == {
        language: as_lists(own) for language, own in anew.moments.items()
    }
    assert in_chroma(changed) == in_chroma(anew)


def test_a_generation_stays_as_it_is_when_the_next_is_made_of_it(tmp_path, quick):
    base = built(tmp_path, [1, 2, 3])
    before = {path: path.read_bytes() for path in base.folder.glob("*.*")}
    built(tmp_path, [4], base, (1,))
    assert {path: path.read_bytes() for path in base.folder.glob("*.*")} == before
    assert set(in_chroma(base)) == {"1", "2", "3"}


def test_chroma_ranks_as_exact_search_does(tmp_path, quick):
    keys = list(range(1, 60))
    made = built(tmp_path, keys[30:], built(tmp_path, keys[:30]))
    searcher = ChromaSearcher(made.folder / "chroma")
    for query in vectors_of([1000, 1001, 1002]):
        exact = made.keys[np.argsort(-(made.vectors @ query), kind="stable")]
        assert searcher.nearest(query, 10) == exact[:10].tolist()
    searcher.close()


def test_each_chunk_has_the_language_of_the_table_in_which_its_terms_lie(tmp_path, quick):
    made = built(tmp_path, [2, 3, 8])
    assert made.languages.tolist() == ["en", "da", "en"]


@pytest.mark.parametrize(
    ("keys", "wanted", "expected"),
    [
        ([3, 5, 9], [3, 5, 9], [0, 1, 2]),
        ([3, 5, 9], [9, 3, 9], [2, 0, 2]),
        ([3, 5, 9], [1, 4, 10], [-1, -1, -1]),
        ([3, 5, 9], [5, 6], [1, -1]),
        ([3, 5, 9], [], []),
        ([], [1, 2], [-1, -1]),
        ([], [], []),
    ],
    ids=["all", "any order", "none", "some", "no keys", "empty generation", "nothing of nothing"],
)
def test_rows_are_found_by_key(tmp_path, quick, keys, wanted, expected):
    assert built(tmp_path, keys).rows_of(np.array(wanted, dtype=np.int64)).tolist() == expected


# Verifying -------------------------------------------------------------------------------------


def damage_keys(folder: Path) -> None:
    np.save(folder / "keys.npy", np.array([1, 2], dtype=np.int64))


def damage_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"count": 7}')


def damage_vectors(folder: Path) -> None:
    np.save(folder / "vectors.npy", vectors_of([1, 2, 33]))


def empty_chroma(folder: Path) -> None:
    with chroma.collection(folder / "chroma") as chunks:
        chunks.delete(ids=["2"])


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: None, None),
        (damage_keys, "the vectors and their keys do not match"),
        (damage_manifest, "the vectors and their keys do not match"),
        (damage_vectors, "chunk 3 is not the one that was stored"),
        (empty_chroma, "Chroma holds 2 chunks instead of 3"),
    ],
    ids=["nothing", "keys", "manifest", "vectors", "chroma"],
)
def test_checking_says_what_is_wrong(tmp_path, quick, damage, problem):
    made = built(tmp_path, [1, 2, 3])
    damage(made.folder)
    assert verify.check(made.folder) == problem


def test_a_sound_generation_passes_in_a_process_of_its_own(tmp_path):
    assert built(tmp_path, [1, 2, 3]).manifest["count"] == 3


def test_a_child_that_reads_damage_says_what_is_wrong(tmp_path, quick):
    made = built(tmp_path, [1, 2, 3])
    damage_keys(made.folder)
    assert probe(made.folder) == "the vectors and their keys do not match"


def program(folder: Path, script: str) -> str:
    """Return the path of a program that stands in for Python."""
    file = folder / "python"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("kill -SEGV $$", "the program that opened it ended with code -11"),
        ("echo Traceback >&2; echo 'ValueError: no such thing' >&2; exit 1", "ValueError: no such thing"),
        ("exec sleep 60", "it did not open within 0.2 seconds"),
        ("exit 0", None),
    ],
    ids=["killed", "raises", "hangs", "well"],
)
def test_a_child_that_fails_is_told_of(tmp_path, monkeypatch, script, problem):
    monkeypatch.setattr(sys, "executable", program(tmp_path, script))
    monkeypatch.setattr(generation, "VERIFY_SECONDS", 0.2)
    assert probe(tmp_path) == problem


def test_a_child_that_has_nothing_to_open_ends_with_the_work_that_it_was_started_for():
    with Probe() as child:
        process = child._child
        assert process.poll() is None
    assert process.returncode == -signal.SIGKILL


def test_a_child_whose_starter_is_gone_ends_by_itself():
    command = [sys.executable, "-m", "kb.store.verify"]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_a_generation_that_cannot_be_read_back_is_not_left_behind(tmp_path, monkeypatch):
    probe_by(monkeypatch, lambda folder: "it is upside down")
    with pytest.raises(DataFolderError) as caught:
        built(tmp_path, [1, 2])
    assert str(caught.value) == (
        f"The new index in {tmp_path / 'index'} could not be read back (it is upside down). Nothing was lost. "
        "See: tillit doctor"
    )
    assert generations_in(tmp_path) == set()


# Faults ----------------------------------------------------------------------------------------


def full(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def chroma_fails(*args: object, **kwargs: object) -> None:
    raise InternalError("Error in compaction: no reason")


def refuse(*args: object, **kwargs: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "vectors.npy")


def told_of(reason: str | None, data: Path) -> str:
    """Return what is said of an index that cannot be written; without a reason, that the disk is full."""
    if reason is None:
        return f"The disk that holds {data} is full. Free some space and try again; nothing was lost."
    return f"The index in {data / 'index'} cannot be written ({reason}). Nothing was lost. See: tillit doctor"


@pytest.mark.parametrize(
    ("owner", "name", "fault", "reason"),
    [
        (np, "save", full, None),
        (os, "fsync", full, None),
        (chroma, "write", chroma_fails, "Error in compaction: no reason"),
        (np, "save", refuse, "Permission denied: vectors.npy"),
    ],
    ids=["vectors", "sync", "chroma", "rights"],
)
def test_a_disk_that_cannot_be_written_is_told_of_and_nothing_is_left_behind(
    tmp_path, quick, monkeypatch, owner, name, fault, reason
):
    base = built(tmp_path, [1, 2])
    monkeypatch.setattr(owner, name, fault)
    with pytest.raises(DataFolderError) as caught:
        built(tmp_path, [3], base)
    assert str(caught.value) == told_of(reason, tmp_path)
    assert generations_in(tmp_path) == {base.folder.name}
    assert verify.check(base.folder) is None


def test_a_disk_that_fills_while_copying_is_told_of_in_one_sentence(tmp_path, quick, monkeypatch):
    base = built(tmp_path, [1, 2])
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DataFolderError) as caught:
        built(tmp_path, [3], base)
    assert str(caught.value) == told_of(None, tmp_path)
    assert generations_in(tmp_path) == {base.folder.name}


def test_a_run_that_is_stopped_leaves_nothing_behind(tmp_path, monkeypatch):
    def stop(folder: Path) -> None:
        raise KeyboardInterrupt

    probe_by(monkeypatch, stop)
    with pytest.raises(KeyboardInterrupt):
        built(tmp_path, [1])
    assert generations_in(tmp_path) == set()


def test_every_file_is_on_the_disk_before_a_generation_is_named(tmp_path, quick, monkeypatch):
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.path.realpath(f"/proc/self/fd/{descriptor}")))
    made = built(tmp_path, [1, 2])
    wanted = [*made.folder.rglob("*"), made.folder, made.folder.parent]
    assert sorted(synced) == sorted(str(path.resolve()) for path in wanted)


def test_sweeping_keeps_the_named_generations_and_deletes_all_else(tmp_path, quick):
    made = [built(tmp_path, [number]).folder.name for number in range(1, 5)]
    (tmp_path / "index" / "half").mkdir()
    (tmp_path / "index" / "half" / "keys.npy").touch()
    sweep(tmp_path, {made[3], made[1]})
    assert generations_in(tmp_path) == {made[1], made[3]}
    sweep(tmp_path, {made[3], None})
    assert generations_in(tmp_path) == {made[3]}


def test_sweeping_where_nothing_was_built_does_nothing(tmp_path):
    sweep(tmp_path, set())
    assert list(tmp_path.iterdir()) == []


def test_generations_have_names_of_their_own(tmp_path, quick):
    names = {built(tmp_path, []).folder.name for _ in range(3)}
    assert len(names) == 3
    assert all(re.fullmatch(r"[0-9a-f]{12}", name) for name in names)

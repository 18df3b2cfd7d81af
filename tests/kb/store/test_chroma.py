"""Chroma's files hold what was put in and nothing that lay in the memory of who wrote them."""

from __future__ import annotations

import logging
import struct
from pathlib import Path

import numpy as np
import pytest

from kb.records import no_progress
from kb.store import chroma
from kb.store.chroma import ChromaSearcher
from tests.kb.store.erasing import files_open_in, lets_go_of
from tests.kb.store.test_generation import change, vectors_of

SECRET = b"neverwritten"


def fill_memory() -> None:
    """Leave a word in memory that is free again."""
    for size in (400, 4000, 40_000, 400_000):
        blocks = [bytearray(SECRET * (size // len(SECRET))) for _ in range(200)]
        blocks.clear()


def write(folder: Path, keys: range, removed: tuple[int, ...] = ()) -> None:
    chroma.write(folder, change(list(keys), removed), no_progress)


def graph_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*/*")}


@pytest.mark.parametrize("count", [1, 60, 700])
def test_room_for_more_is_empty(tmp_path, count):
    fill_memory()
    write(tmp_path, range(count))
    files = graph_files(tmp_path)
    _, _, _, used, size = struct.unpack_from("=iQQQQ", files["header.bin"])
    assert used == count
    assert not files["data_level0.bin"][used * size :].strip(b"\0")
    assert not files["length.bin"][used * 4 :].strip(b"\0")
    assert not any(SECRET in content for content in files.values())


@pytest.mark.parametrize("count", [1, 60, 700])
def test_reading_leaves_the_graph_as_it_is(tmp_path, count):
    write(tmp_path, range(count))
    before = graph_files(tmp_path)
    fill_memory()
    searcher = ChromaSearcher(tmp_path)
    assert len(searcher.nearest(vectors_of([1000])[0], 3)) == min(count, 3)
    searcher.close()
    assert graph_files(tmp_path) == before


def test_more_can_be_put_in_and_found(tmp_path):
    write(tmp_path, range(60))
    write(tmp_path, range(60, 200), removed=(3, 4))
    searcher = ChromaSearcher(tmp_path)
    vectors, keys = vectors_of(list(range(200))), [key for key in range(200) if key not in (3, 4)]
    for query in vectors_of([1000, 1001]):
        ranked = [int(key) for key in np.argsort(-(vectors @ query), kind="stable") if key in keys]
        assert searcher.nearest(query, 10) == ranked[:10]


def test_a_collection_of_an_earlier_tillit_can_be_changed_and_read(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(chroma, "_CONFIGURATION", {"hnsw": {"space": "cosine", "ef_construction": 200}})
        write(tmp_path, range(60))
    write(tmp_path, range(60, 62))
    assert 61 in ChromaSearcher(tmp_path).nearest(vectors_of([61])[0], 1)


def test_files_of_an_unknown_version_are_told_of_and_left(tmp_path, caplog):
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "header.bin").write_bytes(struct.pack("=iQQQQ", 2, 0, 100, 1, 8))
    with caplog.at_level(logging.WARNING, "kb.store.chroma"):
        chroma._clear_unused(tmp_path)
    assert caplog.messages == ["Chroma's files are of an unknown version (2): room in them may hold any text."]


def test_a_searcher_that_goes_leaves_no_file_open(tmp_path):
    write(tmp_path, range(60))
    searcher = ChromaSearcher(tmp_path)
    searcher.nearest(vectors_of([1])[0], 1)
    assert files_open_in(tmp_path)
    del searcher
    assert lets_go_of(tmp_path)

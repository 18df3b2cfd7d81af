"""The doctor and the documents: what is damaged is marked, and built or ingested again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.service import Workshop, build
from tests.conftest import HashEmbedder
from tests.ingest.desk import take_in
from tests.kb.store import damaging
from tests.kb.store.damaging import BOTH, BUILD, REPAIR, faults, mend, one, original_of, searched, sql

pytestmark = pytest.mark.usefixtures("quick_publish")

SHIPPED = "id = 'int-nl-buurtzorg' AND language = 'en'"
KEY = f"(SELECT key FROM documents WHERE {SHIPPED})"
NAME = "int-nl-buurtzorg (en)"


def flip_text(data: Path, where: str = SHIPPED) -> None:
    sql(data, f"UPDATE documents SET text = replace(text, 'a', 'e') WHERE {where}")


def flip_bytes(data: Path, where: str = SHIPPED) -> None:
    sql(data, f"UPDATE documents SET text = CAST(X'ff' || substr(CAST(text AS BLOB), 2) AS TEXT) WHERE {where}")


def garble_record(data: Path, where: str = SHIPPED) -> None:
    sql(data, f"UPDATE documents SET record = substr(record, 1, 40) WHERE {where}")


CUT = f"blocks or chunks do not fit 1 text: {NAME}"
TEXT = f"1 shipped text is not what was stored: {NAME}"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (flip_text, TEXT),
        (flip_bytes, TEXT),
        (garble_record, TEXT),
        (f"DELETE FROM blocks WHERE document = {KEY} AND number = 3", CUT),
        (f"UPDATE blocks SET start = start + 1 WHERE document = {KEY} AND number = 3", CUT),
        (f"UPDATE blocks SET headings = '[' WHERE document = {KEY} AND number = 3", CUT),
        (f'UPDATE chunks SET "end" = 1000000 WHERE document = {KEY} AND block_first > 3', CUT),
        (f"UPDATE chunks SET block_last = 500 WHERE document = {KEY} AND block_first > 3", CUT),
        (f"UPDATE chunks SET headings = 'null' WHERE document = {KEY} AND block_first > 3", CUT),
    ],
    ids=["text", "bytes", "record", "block", "span", "headings", "end", "last", "path"],
)
def test_a_damaged_shipped_document_is_told_of_and_marked(store, damage, message):
    damage(store) if callable(damage) else sql(store, damage)
    assert ("documents", message, BOTH) in faults(store)
    assert "1 damaged text is marked, to be built or ingested again" in mend(store)
    assert faults(store) == [("documents", message, BUILD)]


@pytest.mark.parametrize("damage", [flip_text, flip_bytes, garble_record])
def test_a_marked_document_is_built_again(store, small_documents, damage):
    before = searched(store)
    damage(store)
    mend(store)
    assert searched(store)
    build(Workshop(store, HashEmbedder()), small_documents)
    assert faults(store) == []
    assert sorted(searched(store)) == sorted(before)


def test_a_chunk_that_vanished_is_missed_and_cut_again(store, small_documents):
    before = searched(store)
    sql(store, "PRAGMA foreign_keys = ON", f"DELETE FROM chunks WHERE document = {KEY} AND block_first > 5")
    assert ("documents", CUT, BOTH) in faults(store)
    mend(store)
    assert faults(store) == [("documents", CUT, BUILD)]
    build(Workshop(store, HashEmbedder()), small_documents)
    assert faults(store) == []
    assert sorted(searched(store)) == sorted(before)


@pytest.mark.parametrize("damage", [flip_text, flip_bytes, garble_record])
def test_a_damaged_text_of_ones_own_is_marked_and_ingested_again(store, damage):
    before, file = searched(store), store.parent / "notes" / "ferry.md"
    damage(store, "id = 'ferry'")
    message = "1 text of your own is not what was stored: ferry (en)"
    assert ("documents", message, f"{REPAIR}, then ingest again: {file}") in faults(store)
    mend(store)
    assert faults(store) == [("documents", message, f"Ingest again: {file}")]
    assert searched(store)
    assert ("changed", "ferry", "ferry.md") in take_in(store, file.parent)
    assert faults(store) == []
    assert sorted(searched(store)) == sorted(before)


def test_an_original_whose_file_is_another_now_is_told_of_and_ingested_again(store):
    file = store.parent / "notes" / "ferry.md"
    original_of(store, "ferry").unlink()
    file.write_text("# The ferry\n\nThe ferry sails no more.\n")
    mend(store)
    assert faults(store) == [("originals", "1 original is missing: ferry", f"Ingest again: {file}")]
    take_in(store, file.parent)
    assert faults(store) == []


def test_an_original_that_was_lost_is_ingested_again_though_nothing_changed(store):
    file = store.parent / "notes" / "ferry.md"
    content = file.read_bytes()
    original_of(store, "ferry").unlink()
    file.unlink()
    mend(store)
    file.write_bytes(content)
    assert ("changed", "ferry", "ferry.md") in take_in(store, file.parent)
    assert faults(store) == []


CHUNK = f"text_sha256 IN (SELECT embedded FROM chunks WHERE document = {KEY} AND block_first > 5)"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE embeddings SET vector = zeroblob(12) WHERE {CHUNK}",
        f"UPDATE embeddings SET vector = 'words' WHERE {CHUNK}",
        f"UPDATE embeddings SET vector = X'0000c07f' || substr(vector, 5) WHERE {CHUNK}",
    ],
    ids=["short", "text", "nan"],
)
def test_vectors_that_are_damaged_are_told_of_and_marked(store, statement):
    missing = one(store, f"SELECT count(*) FROM embeddings WHERE {CHUNK}")
    sql(store, statement)
    message = f"{missing} vectors are missing or damaged, of {NAME}"
    assert ("vectors", message, BOTH) in faults(store)
    mend(store)
    assert faults(store) == [("vectors", message, BUILD)]


def test_vectors_that_are_missing_are_told_of_and_made_by_the_next_build(store, small_documents):
    missing = one(store, f"SELECT count(*) FROM embeddings WHERE {CHUNK}")
    sql(store, f"DELETE FROM embeddings WHERE {CHUNK}")
    assert faults(store) == [("vectors", f"{missing} vectors are missing or damaged, of {NAME}", BUILD)]
    build(Workshop(store, HashEmbedder()), small_documents)
    assert faults(store) == []


def test_vectors_that_are_damaged_are_made_by_the_build_after_a_repair(store, small_documents):
    before = searched(store)
    sql(store, f"UPDATE embeddings SET vector = zeroblob(12) WHERE {CHUNK}")
    mend(store)
    build(Workshop(store, HashEmbedder()), small_documents)
    assert faults(store) == []
    assert sorted(searched(store)) == sorted(before)


def test_an_index_is_not_made_anew_while_vectors_are_missing(store, small_documents):
    sql(store, f"DELETE FROM embeddings WHERE {CHUNK}")
    damaging.delete_generation(store)
    mend(store)
    assert [check for check, _, _ in faults(store)] == ["vectors", "index"]
    build(Workshop(store, HashEmbedder()), small_documents)
    assert faults(store) == []

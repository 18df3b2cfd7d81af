"""The doctor and what is made from the catalogue: index, search terms, fingerprint, originals; repairs mend it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.store import generation, verify
from tests.kb.store import damaging
from tests.kb.store.damaging import REPAIR, cut, faults, flip, index_of, mend, one, original_of, searched, sql, tree
from tests.stored import generations_in, probe_by, state_of

pytestmark = pytest.mark.usefixtures("quick_publish")

REAL_PROBE = generation.Probe


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damaging.delete_generation, "its folder is not there"),
        (damaging.delete_vectors, "it cannot be read (FileNotFoundError: [Errno 2] No such file or directory: "
         "'{index}/vectors.npy')"),
        (damaging.cut_vectors, "it cannot be read (ValueError: mmap length is greater than file size)"),
        (damaging.flip_vectors, "1 vector differs from the catalogue's"),
        (damaging.garble_keys, "it cannot be read (ValueError: "),
        (damaging.drop_key, "it lacks 1 of {count} chunks and has 0 that are not there"),
        (damaging.garble_languages, "the languages of its chunks are not theirs"),
        (damaging.cut_moments, "it cannot be read (BadZipFile: File is not a zip file)"),
        (damaging.other_moments, "its moments are not those of its vectors"),
        (damaging.delete_manifest, "it cannot be read (FileNotFoundError: "),
        (damaging.other_manifest, "it is of the model other/1, not of hash/64"),
        (damaging.zero_manifest, "it cannot be read (JSONDecodeError: "),
    ],
)  # fmt: skip
def test_a_damaged_index_is_told_of(store, damage, message):
    index = index_of(store)
    count = len(generation.open_generation(store, index.name).keys)
    damage(store)
    ((check, told, advice),) = faults(store)
    assert (check, advice) == ("index", REPAIR)
    assert told.startswith(f"generation {index.name}: " + message.format(index=index, count=count))


@pytest.mark.parametrize("damage", [damaging.delete_generation, damaging.flip_vectors, damaging.other_manifest])
def test_a_damaged_index_is_made_anew_from_the_catalogue(store, damage):
    before = (searched(store), state_of(store).fingerprint)
    damage(store)
    assert mend(store) == ["the index was made anew"]
    assert faults(store) == damaging.notes(store) == []
    assert (searched(store), state_of(store).fingerprint) == before
    assert generations_in(store) == {state_of(store).generation}


@pytest.mark.parametrize("damage", [damaging.cut_chroma, damaging.garble_graph])
def test_a_damaged_chroma_store_is_opened_in_a_child_only_and_made_anew(store, monkeypatch, damage):
    before, index = searched(store), index_of(store).name
    damage(store)
    with monkeypatch.context() as patch:
        patch.setattr(generation, "Probe", REAL_PROBE)
        ((check, told, advice),) = faults(store)
    assert (check, advice) == ("index", REPAIR)
    assert told.startswith(f"generation {index}: ")
    probe_by(monkeypatch, lambda folder: told if folder.name == index else verify.check(folder))
    assert mend(store) == ["the index was made anew"]
    assert faults(store) == []
    assert searched(store) == before


@pytest.mark.parametrize(
    ("statement", "table", "message"),
    [
        ("DELETE FROM terms_en WHERE rowid = (SELECT min(rowid) FROM terms_en)", "terms_en",
         r"lack 1 of \d+ chunks"),
        ("INSERT INTO terms_da (rowid, text) VALUES (999999, 'lost')", "terms_da",
         "have 1 row of no chunk"),
        ("UPDATE terms_en_data SET block = zeroblob(length(block)) WHERE id > 10", "terms_en", r"are damaged \(.*\)"),
        ("DELETE FROM terms_sv_data WHERE id = 10", "terms_sv", r"are damaged \(.*\)"),
        ("UPDATE terms_nb_content SET c2 = 'other words' WHERE id = (SELECT min(id) FROM terms_nb_content)",
         "terms_nb", r"are damaged \(.*\)"),
        ("DROP TABLE terms_en_idx", "terms_en", r"are damaged \(no such table: main.terms_en_idx\)"),
        ("DROP TABLE terms_en", "terms_en", r"are damaged \(the table is not there\)"),
    ],
    ids=["missing", "lost", "zeros", "structure", "content", "part", "all"],
)  # fmt: skip
def test_damaged_search_terms_are_made_anew(store, statement, table, message):
    before, updated = searched(store), state_of(store)
    sql(store, statement)
    ((check, told, advice),) = faults(store)
    assert (check, advice) == ("terms", REPAIR)
    assert re.fullmatch(f"the search terms in {table} {message}", told)
    assert mend(store) == [f"the search terms in {table} were made anew"]
    assert faults(store) == []
    assert searched(store) == before
    assert (state_of(store).generation, state_of(store).fingerprint) == (updated.generation, updated.fingerprint)


def test_terms_made_anew_lie_in_a_table_as_the_schema_has_it(store):
    query = "SELECT group_concat(sql) FROM sqlite_master WHERE name LIKE 'terms\\___' ESCAPE '\\' ORDER BY name"
    before = one(store, query)
    for table in ("terms_en", "terms_da", "terms_nb", "terms_sv"):
        sql(store, f"DROP TABLE {table}")
    assert len(mend(store)) == 4
    assert one(store, query) == before


@pytest.mark.parametrize("column", ["fingerprint", "corpus"])
def test_a_fingerprint_that_is_not_the_documents_is_computed_again(store, column):
    before = state_of(store)
    sql(store, f"UPDATE state SET {column} = 'f00'")
    assert faults(store) == [("fingerprint", "it is not that of the documents", REPAIR)]
    assert mend(store) == ["the fingerprint was computed again"]
    assert faults(store) == []
    assert (state_of(store).fingerprint, state_of(store).corpus) == (before.fingerprint, before.corpus)


def test_a_document_that_vanished_from_the_catalogue_changes_the_fingerprint(store):
    sql(store, "PRAGMA foreign_keys = ON", "DELETE FROM documents WHERE id = 'ferry'")
    assert [(check, advice) for check, _, advice in faults(store)] == [
        ("terms", REPAIR), ("fingerprint", REPAIR), ("index", REPAIR)
    ]  # fmt: skip
    assert len(mend(store)) == 4  # its original, which nothing uses now, goes too
    assert faults(store) == []


def test_rows_that_belong_to_nothing_are_deleted(store):
    sql(
        store,
        "INSERT INTO blocks SELECT 9999, number, kind, start, end, level, headings, lead FROM blocks "
        "WHERE document = 1",
        "INSERT INTO source_pages VALUES (9999, 1, 'a page', '[]')",
    )
    rows = one(store, "SELECT count(*) FROM blocks WHERE document = 9999")
    message = f"{rows} rows of blocks, 1 row of source_pages belong to nothing that is there"
    assert faults(store) == [("rows", message, REPAIR)]
    assert mend(store) == [f"{rows + 1} rows were deleted that belonged to nothing"]
    assert faults(store) == []


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: flip(file, 3), cut], ids=["gone", "flipped", "cut"])
def test_an_original_is_fetched_from_where_it_came_from(store, damage):
    before = tree(store / "originals")
    damage(original_of(store, "ferry"))
    told = "missing" if damage is Path.unlink else "damaged"
    again = f"{REPAIR}, then ingest again: {store.parent / 'notes' / 'ferry.md'}"
    assert faults(store) == [("originals", f"1 original is {told}: ferry", again)]
    assert mend(store) == ["1 original was copied again from the files given before"]
    assert faults(store) == []
    assert tree(store / "originals") == before

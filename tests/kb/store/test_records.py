"""Documents, blocks and chunks come back from the catalogue as they went in."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import CatalogueError
from kb.records import BlockQuestion, Document, Page
from kb.store.catalogue import (
    document_from_json,
    document_to_json,
    find_document,
    languages_of,
    live_document,
    open_catalogue,
    read_all_blocks,
    read_blocks,
    read_chunks,
    reading,
    stored_documents,
)
from kb.store.writer import drop_staged
from tests.kb.store.writing import document, prepared, publish
from tests.stored import own

BUURTZORG = "int-nl-buurtzorg"

FULL = Document(
    id="ferry",
    language="nb",
    title="Ferja går “tidlig”",
    text="Første side.\n\nAndre side.\n",
    sha256="0" * 64,
    kind="report",
    evidence="research",
    stance="critical",
    text_by="source",
    basis="full",
    country="NO",
    organisation="Fylket",
    sectors=("schools", "health"),
    themes=("autonomy",),
    year=2021,
    publisher="Fylket",
    original_title="Ferja",
    source_url="https://example.org/ferja?a=1&b=2",
    source_language="nn",
    questions=("Når går ferja?", "Hvor?"),
    block_questions=(BlockQuestion(1, 2, "Kven eig “ferja”?"), BlockQuestion(None, None, "Kva er dette?")),
    guessed=("title", "language"),
    pages=(Page(1, 0, 12), Page(2, 14, 25)),
)


def test_the_example_of_a_full_document_fills_every_field():
    empty = {f.name for f in fields(Document) if f.default is not MISSING and getattr(FULL, f.name) == f.default}
    assert empty == set()


def test_a_document_comes_back_from_json_with_every_field():
    assert document_from_json(document_to_json(FULL), FULL.text) == FULL


def test_a_record_of_before_there_were_block_questions_is_read_as_one_without():
    record = json.loads(document_to_json(FULL))
    del record["block_questions"]
    assert document_from_json(json.dumps(record), FULL.text) == replace(FULL, block_questions=())


def test_block_questions_come_back_from_the_catalogue_in_their_order(small_data, quick_publish):
    asked = (BlockQuestion(0, 0, "Når går ferja?"), BlockQuestion(None, None, "<b>Hvor?</b>"), BlockQuestion(0, 0, "?"))
    publish(small_data, prepared(replace(document(), block_questions=asked)))
    assert own(small_data)["ferry"].document.block_questions == asked


_NUMBER = st.none() | st.integers()


@given(
    st.text(),
    st.lists(st.text()),
    st.none() | st.integers(),
    st.lists(st.tuples(st.integers(), st.integers())),
    st.lists(st.builds(BlockQuestion, _NUMBER, _NUMBER, st.text())),
)
def test_any_values_come_back_from_json(title, questions, year, pages, asked):
    document = Document(
        id="a",
        language="en",
        title=title,
        text="",
        sha256="",
        kind="unknown",
        evidence="unknown",
        stance="unknown",
        text_by="source",
        questions=tuple(questions),
        block_questions=tuple(asked),
        year=year,
        pages=tuple(Page(number, start, start) for number, start in pages),
    )
    assert document_from_json(document_to_json(document), "") == document


def test_blocks_and_chunks_are_read_as_slices_of_their_document(small_data):
    with reading(small_data) as connection:
        for stored in stored_documents(connection):
            blocks = read_blocks(connection, stored.key)
            keys = [k for (k,) in connection.execute("SELECT key FROM chunks WHERE document = ?", (stored.key,))]
            chunks = read_chunks(connection, keys)
            assert [block.number for block in blocks] == list(range(len(blocks)))
            assert sorted(chunks) == sorted(keys)
            for chunk in chunks.values():
                assert (chunk.document_id, chunk.language) == (stored.document.id, stored.document.language)
                assert chunk.text == stored.document.text[chunk.start : chunk.end]
                assert chunk.headings == blocks[chunk.block_first].headings


def test_blocks_of_all_live_documents_are_read_at_once(small_data):
    connection = open_catalogue(small_data)
    connection.execute("UPDATE documents SET state = 'staged' WHERE id = ? AND language = 'sv'", (BUURTZORG,))
    connection.close()
    with reading(small_data) as connection:
        one_by_one = {stored.key: read_blocks(connection, stored.key) for stored in stored_documents(connection)}
        assert read_all_blocks(connection) == one_by_one


def test_chunks_are_found_among_many_keys_and_unknown_keys_left_out(small_data):
    with reading(small_data) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM chunks ORDER BY key")]
        found = read_chunks(connection, [*range(100_000, 100_700), *keys])
        assert sorted(found) == keys
        assert read_chunks(connection, []) == {}


def test_only_live_documents_are_found(small_data):
    connection = open_catalogue(small_data)
    connection.execute("UPDATE documents SET state = 'staged' WHERE id = ? AND language = 'sv'", (BUURTZORG,))
    connection.close()
    with reading(small_data) as connection:
        assert languages_of(connection, BUURTZORG) == ["da", "en", "nb"]
        assert languages_of(connection, "nothing") == []
        assert find_document(connection, BUURTZORG, "sv") is None
        assert live_document(connection, BUURTZORG, "da").document.id == BUURTZORG
        assert [s.document.language for s in stored_documents(connection, "staged")] == ["sv"]
        with pytest.raises(CatalogueError) as caught:
            live_document(connection, BUURTZORG, "sv")
    assert str(caught.value) == (f"The catalogue has no text of '{BUURTZORG}' in 'sv'. Mend it with: tillit build")


def test_a_deleted_document_takes_its_blocks_and_chunks_with_it(small_data):
    connection = open_catalogue(small_data)
    drop_staged(connection)
    connection.execute("DELETE FROM documents")
    assert connection.execute("SELECT count(*) FROM blocks").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (0,)
    assert connection.execute("SELECT count(*) > 0 FROM embeddings").fetchone() == (1,)
    connection.close()

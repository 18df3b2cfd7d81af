"""Chunks that are translations of each other are one passage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.retrieval.passages import PassageTable, read_passages
from kb.store.catalogue import read_chunks, reading
from kb.store.writer import stage
from tests.kb.retrieval.shelf import Text, shelf
from tests.kb.store.writing import document, prepared, writing

pytestmark = pytest.mark.usefixtures("quick_publish")

LONG = " ".join(f"Sætning nummer {number} er en lang en." for number in range(40))


def table_of(data: Path, *texts: Text) -> PassageTable:
    shelf(data, *texts)
    with reading(data) as connection:
        return read_passages(connection)


def in_words(data: Path, table: PassageTable) -> list[dict[str, str]]:
    """Return by passage the text that it has in each language."""
    with reading(data) as connection:
        keys = [int(key) for own in table.chunks.values() for key in own if key >= 0]
        chunks = read_chunks(connection, keys)
    return [
        {language: chunks[int(own[place])].text for language, own in table.chunks.items() if own[place] >= 0}
        for place in range(table.size)
    ]


def test_translations_are_one_passage_in_the_order_of_ids_and_blocks(tmp_path):
    texts = [
        ("b", "en", "The ferry.\n\n## Winter\n\nAt noon."),
        ("a", "da", "Bussen."),
        ("b", "sv", "Färjan.\n\n## Vinter\n\nVid middag."),
        ("a", "en", "The bus."),
    ]
    table = table_of(tmp_path, *texts)
    assert table.ids == ("a", "b")
    assert table.documents.tolist() == [0, 1, 1]
    assert in_words(tmp_path, table) == [
        {"da": "Bussen.", "en": "The bus."},
        {"en": "The ferry.", "sv": "Färjan."},
        {"en": "At noon.", "sv": "Vid middag."},
    ]


def test_each_piece_of_a_block_that_is_too_long_is_a_passage(tmp_path):
    table = table_of(tmp_path, ("a", "da", LONG), ("a", "nb", LONG))
    pieces = in_words(tmp_path, table)
    assert len(pieces) > 1
    assert all(set(piece) == {"da", "nb"} for piece in pieces)
    assert " ".join(piece["da"] for piece in pieces) == LONG


def test_texts_are_those_of_the_chunks(tmp_path):
    table = table_of(tmp_path, ("a", "en", "The bus."), ("a", "da", "Bussen."), ("b", "da", "Færgen."))
    with reading(tmp_path) as connection:
        of = dict(connection.execute("SELECT key, document FROM chunks").fetchall())
    for language, keys in table.chunks.items():
        assert table.texts[language].tolist() == [of.get(int(key), -1) for key in keys]


def test_texts_in_other_languages_stand_where_their_terms_lie(tmp_path):
    table = table_of(tmp_path, ("a", "fi", "Lautta."), ("b", "sv", "Färjan."))
    assert in_words(tmp_path, table) == [{"en": "Lautta."}, {"sv": "Färjan."}]


def test_the_passage_of_each_chunk_is_found_by_its_key(tmp_path):
    table = table_of(tmp_path, ("b", "en", "The ferry."), ("a", "en", "The bus."), ("a", "da", "Bussen."))
    for language, keys in table.chunks.items():
        places = np.flatnonzero(keys >= 0)[::-1]
        assert table.of_chunks(language, keys[places]).tolist() == places.tolist()
    assert table.of_chunks("en", np.empty(0, dtype=np.int64)).tolist() == []


def test_what_is_staged_is_no_passage(tmp_path):
    shelf(tmp_path, ("a", "en", "The bus."))
    with writing(tmp_path) as connection:
        stage(connection, [prepared(document())])
        assert read_passages(connection).ids == ("a",)


def test_where_nothing_is_there_are_no_passages(tmp_path):
    with writing(tmp_path) as connection:
        table = read_passages(connection)
    assert (table.size, table.ids, table.chunks) == (0, (), {})


def test_every_shipped_passage_stands_in_every_language(small_data):
    with reading(small_data) as connection:
        table = read_passages(connection)
    assert set(table.chunks) == {"da", "en", "nb", "sv"}
    assert all((keys >= 0).all() for keys in table.chunks.values())

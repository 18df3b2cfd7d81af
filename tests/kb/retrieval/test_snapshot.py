"""A snapshot is the directory of texts and their vectors at one commit point."""

from __future__ import annotations

import pytest

from kb.retrieval.filters import NO_FILTERS, parse_filters
from kb.retrieval.snapshot import Snapshot, read_snapshot, reading_order
from kb.store.catalogue import read_state, reading
from kb.vocabulary import LANGUAGES
from tests.kb.retrieval.shelf import shelf
from tests.stored import Polyglot

pytestmark = pytest.mark.usefixtures("quick_publish")

TEXTS = (
    ("a", "da", "Bussen."),
    ("a", "en", "The bus."),
    ("b", "en", "The ferry."),
    ("c", "sv", "Färjan."),
    ("d", "fi", "Lautta."),
)


@pytest.fixture
def snapshot(tmp_path) -> Snapshot:
    kb = shelf(tmp_path, *TEXTS, embedder=Polyglot("en", "sv"))
    with reading(kb.data) as connection:
        state = read_state(connection)
        assert state is not None
        return read_snapshot(connection, kb.data, state, "exact")


@pytest.mark.parametrize(
    ("asked_in", "order"),
    [
        ("da", ("da", "nb", "sv", "en")),
        ("nb", ("nb", "da", "sv", "en")),
        ("sv", ("sv", "nb", "da", "en")),
        ("en", ("en", "da", "nb", "sv")),
        ("fi", LANGUAGES),
    ],
)
def test_each_language_reads_the_nearest_first(asked_in, order):
    assert reading_order(asked_in) == order


def test_texts_are_kept_by_id_and_language(snapshot):
    assert {(e.id, e.language) for e in snapshot.entries} == {(i, language) for i, language, _ in TEXTS}
    assert {i: set(own) for i, own in snapshot.languages.items()} == {
        "a": {"da", "en"},
        "b": {"en"},
        "c": {"sv"},
        "d": {"fi"},
    }


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"language": "en"}, {("a", "en"), ("b", "en")}),
        ({"language": ["fi", "da"]}, {("a", "da"), ("d", "fi")}),
        ({"country": "DK"}, set()),
    ],
    ids=["language", "languages", "none"],
)
def test_the_texts_that_pass_filters_are_found_by_key(snapshot, raw, expected):
    allowed = snapshot.allowed(parse_filters(raw))
    assert allowed.tolist() == sorted(e.key for e in snapshot.entries if (e.id, e.language) in expected)


def test_without_filters_all_texts_pass(snapshot):
    assert snapshot.allowed(NO_FILTERS) is None


def test_vectors_are_found_by_passage_in_the_languages_that_have_any(snapshot):
    rows = {language: own.tolist() for language, own in snapshot.dense_rows.items()}
    generation = snapshot.dense.generation
    assert set(rows) == {"en", "sv"}
    assert [row >= 0 for row in rows["en"]] == [True, True, False, False]
    assert [row >= 0 for row in rows["sv"]] == [False, False, True, False]
    keys = [int(generation.keys[row]) for own in (rows["en"][0], rows["en"][1], rows["sv"][2]) for row in [own]]
    assert keys == [int(snapshot.passages.chunks[code][place]) for code, place in (("en", 0), ("en", 1), ("sv", 2))]


def test_the_words_of_all_texts_are_known(snapshot):
    assert [snapshot.words.nearest(word) for word in ("lautta", "lauutta", "färrjan", "zebra")] == [
        *(None, "lautta", "färjan", None)
    ]

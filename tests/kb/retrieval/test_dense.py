"""Dense search by cosine: exact search is the oracle, Chroma finds the same, and exact search stands in for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kb.knowledge_base import KnowledgeBase
from kb.retrieval import dense
from kb.retrieval.dense import DenseIndex, DenseSearch
from kb.settings import load_settings
from kb.store.generation import Generation, open_generation
from tests.conftest import HashEmbedder

QUESTIONS = (
    "How tall does the grass have to be?",
    "nurses in teams without managers",
    "What is wrong with measuring quality?",
    "spaceship",
)


def generation_of(data: Path) -> Generation:
    state = KnowledgeBase(load_settings(data=data), HashEmbedder()).status()
    assert state.generation is not None
    return open_generation(data, state.generation)


@pytest.fixture
def generation(small_data) -> Generation:
    """The vectors of the six documents."""
    return generation_of(small_data)


@pytest.fixture
def vectors() -> Iterator[np.ndarray]:
    """The questions' vectors."""
    return iter(HashEmbedder().embed(QUESTIONS))


def test_exact_search_is_a_sort_of_all_cosines(generation, vectors):
    index = DenseIndex(generation, "exact")
    for vector in vectors:
        cosines = (np.asarray(generation.vectors) @ vector).tolist()
        expected = sorted(range(len(cosines)), key=lambda row: (-cosines[row], row))
        assert index.nearest(vector).tolist() == expected
        assert index.nearest(vector, k=3).tolist() == expected[:3]
        assert index.cosines(vector, np.arange(len(cosines))) == pytest.approx(cosines, abs=1e-6)


def test_moments_are_mean_and_deviation_of_the_cosines_of_a_languages_chunks(generation, vectors):
    index = DenseIndex(generation)
    assert set(generation.languages) == {"en"}
    for vector in vectors:
        cosines = index.cosines(vector, np.arange(index.size))
        assert index.moments(vector, "en") == pytest.approx((cosines.mean(), cosines.std()), abs=1e-6)


def test_rough_cosines_are_those_of_all_chunks_in_single_precision(generation, vectors):
    index = DenseIndex(generation)
    for vector in vectors:
        rough, exact = index.rough_cosines(vector), index.cosines(vector, np.arange(index.size))
        assert (rough.dtype, exact.dtype) == (np.float32, np.float64)
        assert rough == pytest.approx(exact, abs=1e-6)


def test_a_cosine_depends_on_the_row_of_its_vector_in_no_digit_that_is_kept(tmp_path):
    vectors = HashEmbedder().embed([f"text {number}" for number in range(300)])
    order = np.random.default_rng(8).permutation(300)
    for name, rows in (("one", vectors), ("other", vectors[order])):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "vectors.npy", rows)
    one, other = (DenseIndex(Generation(tmp_path / name)) for name in ("one", "other"))
    cosines = one.cosines(vectors[0], np.arange(300))
    assert other.cosines(vectors[0], np.arange(300)) == pytest.approx(cosines[order], abs=1e-14)
    assert [one.cosines(vectors[0], np.array([row]))[0] for row in range(300)] == pytest.approx(cosines, abs=1e-14)


@pytest.mark.parametrize(
    ("search", "limit", "expected"),
    [("auto", 100_000, False), ("auto", 10, True), ("exact", 10, False), ("chroma", 100_000, True)],
    ids=["few", "many", "never", "always"],
)
def test_chroma_is_asked_where_there_are_many_chunks_or_a_setting_says_so(
    generation, monkeypatch, search, limit, expected
):
    monkeypatch.setattr(dense, "EXACT_LIMIT", limit)
    assert DenseIndex(generation, search).uses_chroma == expected


def test_chroma_finds_the_same_twenty_as_exact_search(generation, vectors):
    chroma, exact = DenseIndex(generation, "chroma"), DenseIndex(generation, "exact")
    assert chroma._chroma is not None
    for vector in vectors:
        assert set(chroma.nearest(vector, k=20).tolist()) == set(exact.nearest(vector, k=20).tolist())
    chroma._chroma.close()


def ranking(data: Path, search: DenseSearch) -> list[tuple[int, float]]:
    kb = KnowledgeBase(load_settings(data=data, dense_search=search), HashEmbedder())
    return [(passage.key, passage.score) for passage in kb.search(QUESTIONS[0], language="en")]


@pytest.mark.parametrize("damage", ["garbage", "gone"])
def test_exact_search_stands_in_for_a_chroma_that_cannot_be_opened(small_data, caplog, damage):
    folder = generation_of(small_data).folder / "chroma"
    if damage == "garbage":
        (folder / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    else:
        (folder / "chroma.sqlite3").unlink()
    expected = ranking(small_data, "exact")
    with caplog.at_level(logging.WARNING, logger="kb.retrieval.dense"):
        assert ranking(small_data, "chroma") == expected
    assert [(record.name, record.levelname, record.msg) for record in caplog.records] == [
        ("kb.retrieval.dense", "WARNING", "Chroma cannot be opened (%s); searching exactly instead.")
    ]


def test_an_index_without_vectors_has_nothing_near(tmp_path):
    np.save(tmp_path / "keys.npy", np.empty(0, dtype=np.int64))
    np.save(tmp_path / "vectors.npy", np.empty((0, 64), dtype=np.float32))
    index = DenseIndex(Generation(tmp_path))
    assert index.size == 0
    assert index.nearest(np.ones(64, dtype=np.float32)).tolist() == []
    assert index.generation.rows_of(np.array([1, 2])).tolist() == [-1, -1]


def test_rows_are_found_by_key_and_minus_one_where_there_is_no_vector(tmp_path):
    np.save(tmp_path / "keys.npy", np.array([2, 5, 9]))
    assert Generation(tmp_path).rows_of(np.array([5, 1, 9, 10, 2])).tolist() == [1, -1, 2, -1, 0]

"""Related documents: the mean of each one's vectors, without what all have in common."""

from __future__ import annotations

import numpy as np
import pytest

from kb.retrieval.passages import PassageTable
from kb.retrieval.related import document_vectors, nearest

TIMBRO, BUURTZORG = "se-timbro-npm-research-review", "int-nl-buurtzorg"


def vectors_of(documents: list[int], rows: dict[str, list[int]], vectors: list[list[float]]):
    ids = tuple(f"d{place}" for place in range(max(documents) + 1))
    table = PassageTable(ids, np.array(documents), {}, {}, {})
    found = {code: np.array(each) for code, each in rows.items()}
    return document_vectors(table, found, np.array(vectors, dtype=np.float32))


def test_a_document_is_the_mean_of_its_vectors_in_all_languages_without_what_all_share():
    rows = {"en": [0, 1, 2, 3], "da": [4, -1, -1, -1]}
    vectors = [[1, 0, 5], [0, 1, 5], [0, 2, 5], [-1, -1, 5], [1, 0, 5]]
    found = vectors_of([0, 0, 1, 2], rows, vectors)
    sums = np.array([[2, 1, 15], [0, 2, 5], [-1, -1, 5]], dtype=float)
    units = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    left = units - units.mean(axis=0)
    assert found == pytest.approx(left / np.linalg.norm(left, axis=1, keepdims=True), abs=1e-6)


def test_a_document_without_vectors_is_near_to_none():
    found = vectors_of([0, 1, 2, 3], {"en": [0, 1, -1, 2]}, [[1, 0.1], [1, 0], [-1, 0]])
    assert found[2].tolist() == [0, 0]
    assert nearest(found, 2, 5) == []
    assert nearest(found, 0, 5) == [1]


def test_nothing_at_all_has_vectors():
    assert vectors_of([0, 1], {}, [[1, 0]]).tolist() == [[0, 0], [0, 0]]


def test_the_nearest_come_first_those_that_are_alike_by_place_and_no_more_than_asked_for():
    vectors = np.array([[1, 0], [0.6, 0.8], [0.8, 0.6], [0.6, 0.8], [0, 1]], dtype=np.float32)
    assert nearest(vectors, 0, 5) == [2, 1, 3]
    assert nearest(vectors, 0, 2) == [2, 1]


def test_related_documents_are_told_in_a_readers_language(small_kb, monkeypatch):
    monkeypatch.setattr("kb.retrieval.related.LEAST", -1.0)
    related = small_kb.related(BUURTZORG, "sv")
    assert len(related) == 5
    assert {entry.language for entry in related} == {"sv"}
    assert BUURTZORG not in {entry.id for entry in related}
    assert [entry.id for entry in small_kb.related(BUURTZORG, "en", 2)] == [entry.id for entry in related[:2]]


def test_what_is_not_there_has_no_related_documents(small_kb):
    assert small_kb.related("gone", "en") == []

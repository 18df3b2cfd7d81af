"""Vectors are written and summed up in blocks, which changes nothing of what a generation holds."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.records import no_progress
from kb.store import vectors
from kb.store.generation import build_generation, open_generation
from tests.kb.store.test_generation import built, change, vectors_of
from tests.stored import verify_here


@pytest.fixture
def quick(monkeypatch):
    verify_here(monkeypatch)


@pytest.fixture(params=[1, 2, 3, 2048])
def block(request, monkeypatch):
    monkeypatch.setattr(vectors, "BLOCK", request.param)
    return request.param


def saved(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def vectors_file(data: Path, name: str) -> bytes:
    return (open_generation(data, name).folder / "vectors.npy").read_bytes()


@pytest.mark.parametrize("keys", [[], [3, 5, 9, 12]], ids=["none", "some"])
def test_the_file_is_the_one_that_numpy_saves(tmp_path, quick, block, keys):
    made = built(tmp_path, keys)
    assert vectors_file(tmp_path, made.folder.name) == saved(vectors_of(keys))


def test_what_is_kept_and_what_is_added_lie_in_the_order_of_their_keys(tmp_path, quick, block):
    base = built(tmp_path, [2, 4, 6, 8, 10])
    made = built(tmp_path, [1, 5, 7, 11, 12], base, removed=(4, 10))
    assert made.keys.tolist() == [1, 2, 5, 6, 7, 8, 11, 12]
    assert vectors_file(tmp_path, made.folder.name) == saved(vectors_of([1, 2, 5, 6, 7, 8, 11, 12]))


def test_vectors_are_asked_for_a_block_at_a_time(tmp_path, quick, monkeypatch):
    monkeypatch.setattr(vectors, "BLOCK", 3)
    asked: list[list[int]] = []

    def noted(keys: list[int]) -> np.ndarray:
        asked.append(keys)
        return vectors_of(keys)

    file, keys = tmp_path / "vectors.npy", list(range(7))
    noting = replace(change(keys), vectors=noted)
    vectors.write(file, None, np.empty(0, dtype=np.int64), noting, np.arange(7))
    assert asked == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_base_whose_vectors_and_keys_do_not_match_is_refused(tmp_path, quick):
    base = built(tmp_path, [1, 2, 3])
    np.save(base.folder / "vectors.npy", vectors_of([1, 2, 3, 4]))
    with pytest.raises(ValueError, match="the vectors and their keys do not match"):
        build_generation(tmp_path, open_generation(tmp_path, base.folder.name), change([5]), no_progress)


@pytest.mark.parametrize(
    ("keys", "by_language"),
    [
        ([1, 2, 3, 4, 8], {"da": [1, 3], "en": [2, 4, 8]}),
        ([1, 3, 5], {"da": [1, 3, 5]}),
        ([1, 2], {"da": [1], "en": [2]}),
        ([], {}),
    ],
    ids=["some", "one language", "one each", "none"],
)
def test_the_moments_are_those_of_each_languages_vectors(tmp_path, quick, block, keys, by_language):
    moments = built(tmp_path, keys).moments
    assert set(moments) == set(by_language)
    for language, own in by_language.items():
        mean, covariance = moments[language]
        vectors = vectors_of(own).astype(np.float64)
        np.testing.assert_allclose(mean, vectors.mean(axis=0))
        away = vectors - vectors.mean(axis=0)
        np.testing.assert_allclose(covariance, away.T @ away / len(own), atol=1e-15)


def test_the_moments_give_mean_and_deviation_of_all_cosines_of_a_language(tmp_path, quick, block):
    made = built(tmp_path, list(range(1, 40)))
    (query,) = vectors_of([99]).astype(np.float64)
    for language in ("da", "en"):
        mean, covariance = made.moments[language]
        cosines = made.vectors[made.languages == language].astype(np.float64) @ query
        np.testing.assert_allclose([query @ mean, query @ covariance @ query], [cosines.mean(), cosines.var()])


def test_the_moments_of_a_language_without_a_change_are_taken_over(tmp_path, quick, block, monkeypatch):
    base, counted = built(tmp_path, list(range(1, 12))), []
    real = vectors._moments
    monkeypatch.setattr(vectors, "_moments", lambda file, rows: counted.append(len(rows)) or real(file, rows))
    both = [
        build_generation(tmp_path, at, asked, no_progress)
        for at, asked in (
            (open_generation(tmp_path, base.folder.name), change([21])),
            (None, change([*range(1, 12), 21])),
        )
    ]
    assert counted == [7, 7, 5]  # Danish with its new one; in a new index English as well
    changed, anew = ((tmp_path / "index" / name / "moments.npz") for name in both)
    with np.load(changed) as one, np.load(anew) as other:
        assert all((one[name] == other[name]).all() for name in (*one, *other))

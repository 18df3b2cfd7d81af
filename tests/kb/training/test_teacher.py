"""The teacher's vectors are computed once and kept."""

from __future__ import annotations

import numpy as np
import pytest

from kb.errors import ModelError
from kb.models.transformer import ModelFiles
from kb.training import teacher as module
from kb.training.teacher import BatchTeacher, VectorCache
from tests.kb.training.texts import HashTeacher

TEXTS = ["trust", "control and trust", "time"]


def test_vectors_come_in_the_order_of_the_texts():
    teacher = HashTeacher()
    expected = HashTeacher().encode([*TEXTS, "trust"])
    np.testing.assert_allclose(VectorCache(teacher).vectors([*TEXTS, "trust"]), expected, atol=1e-3)
    assert teacher.encoded == ["control and trust", "trust", "time"]


def test_a_second_run_computes_only_what_is_new(tmp_path):
    first = VectorCache(HashTeacher(), tmp_path).vectors(TEXTS)
    teacher = HashTeacher()
    second = VectorCache(teacher, tmp_path).vectors([*TEXTS, "new"])
    assert teacher.encoded == ["new"]
    np.testing.assert_array_equal(second[:3], first)


def test_with_and_without_a_cache_the_vectors_are_the_same(tmp_path):
    with_cache = VectorCache(HashTeacher(), tmp_path).vectors(TEXTS)
    np.testing.assert_array_equal(with_cache, VectorCache(HashTeacher()).vectors(TEXTS))


def test_another_teacher_has_vectors_of_its_own(tmp_path):
    VectorCache(HashTeacher(), tmp_path).vectors(TEXTS)
    other = HashTeacher()
    other.id = "other@1"
    VectorCache(other, tmp_path).vectors(TEXTS)
    assert len(other.encoded) == 3


def test_what_was_computed_before_an_interruption_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PORTION", 1)

    class Failing(HashTeacher):
        def encode(self, texts):
            if len(self.encoded) == 2:
                raise KeyboardInterrupt
            return super().encode(texts)

    with pytest.raises(KeyboardInterrupt):
        VectorCache(Failing(), tmp_path).vectors(TEXTS)
    teacher = HashTeacher()
    VectorCache(teacher, tmp_path).vectors(TEXTS)
    assert teacher.encoded == ["time"]


def test_progress_counts_the_missing_texts(tmp_path):
    seen = []
    cache = VectorCache(HashTeacher(), tmp_path)
    for texts in (TEXTS, TEXTS):
        cache.vectors(texts, lambda *report: seen.append(report))
    assert seen == [("teacher", 3, 3)]


def test_a_broken_file_of_the_cache_is_named(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"x\.safetensors cannot be read .* Delete the file\."):
        VectorCache(HashTeacher(), tmp_path)


def test_a_teacher_without_weights_is_told(tmp_path):
    with pytest.raises(ModelError, match="The teacher's weights cannot be read"):
        _ = BatchTeacher(ModelFiles("teacher", place=tmp_path)).id

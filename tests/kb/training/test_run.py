"""One training from texts to a folder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kb.errors import DocumentError
from kb.training.corpus import HoldOut
from kb.training.matching import train_matching
from kb.training.run import run
from kb.training.save import held_out
from tests.kb.training.texts import SMALL, HashTeacher, sources

QUICK = replace(SMALL, epochs=2, typo_share=0.3)


def test_the_same_seed_gives_the_same_files(tmp_path):
    for name in ("first", "second"):
        run(sources(tmp_path), HashTeacher(), tmp_path / name, QUICK, HoldOut(1, 3), cache=tmp_path / "cache")
    files = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert {"model.safetensors", "matching.safetensors"} <= set(files)
    assert [(tmp_path / "first" / name).read_bytes() for name in files] == [
        (tmp_path / "second" / name).read_bytes() for name in files
    ]


def test_what_was_held_out_stands_in_the_folder(tmp_path):
    record = run(sources(tmp_path), HashTeacher(), tmp_path / "model", QUICK, HoldOut(1, 3))
    assert record.hold_out == "1/3"
    assert held_out(tmp_path / "model") == HoldOut(1, 3)


def test_the_late_interaction_learns_from_the_documents_that_are_not_held_out(tmp_path, monkeypatch):
    seen: list[list[str]] = []

    def spied(tokenizer, vectors, groups, recipe, progress):
        seen.append([group[0].id for group in groups])
        np.testing.assert_array_equal(vectors, vectors.astype(np.float16).astype(np.float32))
        return train_matching(tokenizer, vectors, groups, recipe, progress)

    monkeypatch.setattr("kb.training.run.train_matching", spied)
    given = sources(tmp_path)
    run(given, HashTeacher(), tmp_path / "model", QUICK, HoldOut(1, 3))
    run(given, HashTeacher(), tmp_path / "model", QUICK)
    every = [group[0].id for group in given.groups]
    assert seen == [[name for name in every if name not in HoldOut(1, 3)], every]
    assert 0 < len(seen[0]) < len(every)


def test_every_stage_reports_its_progress(tmp_path):
    seen = []
    run(sources(tmp_path), HashTeacher(), tmp_path / "model", QUICK, progress=lambda *report: seen.append(report))
    assert list(dict.fromkeys(stage for stage, *_ in seen)) == ["corpus", "tokenizer", "teacher", "train", "match"]
    assert all(done == total for stage, done, total in {report[0]: report for report in seen}.values())


def test_a_malformed_file_stops_it_before_the_teacher_works(tmp_path):
    (tmp_path / "en-da.tsv").write_text("Trust\tTillid\n", encoding="utf-8")
    teacher = HashTeacher()
    with pytest.raises(DocumentError, match=r"en-da\.tsv:1: "):
        run(sources(tmp_path, tmp_path), teacher, tmp_path / "model", QUICK)
    assert teacher.encoded == []

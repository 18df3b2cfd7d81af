"""Runs that are kept in the data folder, and baselines that are none."""

from __future__ import annotations

import json
from datetime import date

import pytest

from eval import runs
from eval.baseline import read_baseline
from kb.errors import DocumentError
from tests.eval.makers import result

PRINTS = {"questions": "q", "index": "i"}


def keep(data, day, prints=PRINTS, where="right"):
    return runs.keep_run(data, [result("a.en", where=where)], prints, date.fromisoformat(day))


def test_a_run_is_kept_as_the_baseline_is_without_a_text(tmp_path):
    path = keep(tmp_path, "2026-03-01")
    assert path.parent == tmp_path / "eval"
    assert read_baseline(path).where == {"a.en": "right"}
    assert read_baseline(path).fingerprints == PRINTS
    assert "Because" not in path.read_text()
    assert "Why?" not in path.read_text()


def test_runs_come_oldest_first_and_one_of_the_same_day_and_state_replaces_the_other(tmp_path):
    second, first = keep(tmp_path, "2026-03-02"), keep(tmp_path, "2026-03-01")
    other = keep(tmp_path, "2026-03-02", {**PRINTS, "index": "j"})
    assert keep(tmp_path, "2026-03-01", where="refused") == first
    (tmp_path / "eval" / "notes.jsonl").write_text("")
    assert runs.kept_runs(tmp_path) == [first, second, other]
    assert read_baseline(first).right == {"a.en": False}
    assert [runs.day_of(path) for path in (first, second)] == ["2026-03-01", "2026-03-02"]


def test_the_oldest_go_where_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "KEPT", 2)
    kept = [keep(tmp_path, f"2026-03-0{day}") for day in (1, 2, 3)]
    assert runs.kept_runs(tmp_path) == kept[1:]


def test_where_nothing_was_kept_there_are_no_runs(tmp_path):
    assert runs.kept_runs(tmp_path) == []


HEADER = json.dumps({"fingerprints": {}, "floors": {}})


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]\n[]", f"{HEADER}\n[1]", f"{HEADER}\n" + json.dumps({"id": "a", "type": "list"}), f"{HEADER}\n{{"],
    ids=["empty", "no header", "lists", "a list as a row", "no outcome", "cut off"],
)
def test_what_is_no_baseline_is_told_in_a_sentence(tmp_path, text):
    (tmp_path / "run.jsonl").write_text(text)
    with pytest.raises(DocumentError, match="cannot be read"):
        read_baseline(tmp_path / "run.jsonl")

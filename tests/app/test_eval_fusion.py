"""The weights of fusion are fitted and written, and what each list finds is told by direction."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from app.cli import main
from app.commands import eval_fusion
from kb.retrieval.weights import FILE
from kb.vocabulary import LANGUAGES

FAMILY = "mariagerfjord-cleaning-hours"


@pytest.fixture
def weights_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the weights, so that the fit does not change the program's."""
    folder = tmp_path / "weights"
    folder.mkdir()
    shutil.copyfile(str(files("kb.retrieval").joinpath(FILE)), folder / FILE)
    monkeypatch.setattr(eval_fusion, "files", lambda _: folder)
    return folder


def test_fit_writes_the_weights_of_the_model_that_is_set(shipped_data, weights_folder, capsys):
    before = json.loads((weights_folder / FILE).read_text())
    assert main(["eval", "fit", "--only", FAMILY, "--data", str(shipped_data), "--quiet"]) == 0
    after = json.loads((weights_folder / FILE).read_text())
    assert set(after) == set(before)
    assert after["any"] == before["any"]
    fitted = after["tillit-static"]
    assert {asked: set(row) for asked, row in fitted["dense"].items()} == {code: set(LANGUAGES) for code in LANGUAGES}
    assert all(fitted["texts"][code][code] == 1.0 for code in LANGUAGES)
    assert capsys.readouterr().out.splitlines()[-1] == f"wrote {weights_folder / FILE}"


def test_directions_tell_each_list_for_each_pair_of_languages(shipped_data, capsys):
    assert main(["eval", "directions", "--only", FAMILY, "--data", str(shipped_data), "--json", "--quiet"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [(entry["asked"], entry["texts"]) for entry in entries] == [(a, b) for a in LANGUAGES for b in LANGUAGES]
    assert {entry["n"] for entry in entries} == {1}
    assert all(set(entry["recall@5"]) == {"lexical", "dense", "fused"} for entry in entries)


def test_directions_are_a_table_for_readers(shipped_data, capsys):
    assert main(["eval", "directions", "--only", FAMILY, "--data", str(shipped_data), "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["asked", "texts", "n"]
    assert len(lines) == 1 + len(LANGUAGES) ** 2


def test_weights_are_not_fitted_on_questions_in_one_language(shipped_data, weights_folder, capsys):
    assert main(["eval", "fit", "--only", f"{FAMILY}.da", "--data", str(shipped_data), "--quiet"]) == 3
    assert "in every language" in capsys.readouterr().err


def test_directions_without_a_question_are_told(shipped_data, capsys):
    assert main(["eval", "directions", "--only", "unanswerable", "--data", str(shipped_data), "--quiet"]) == 3
    assert "they need gold" in capsys.readouterr().err

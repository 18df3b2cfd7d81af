"""`tillit eval fit-answers` fits the weights of answering and writes them, each kind by itself."""

from __future__ import annotations

import json
import shutil
from functools import partial
from importlib.resources import files
from pathlib import Path

import pytest

from app.cli import main
from app.commands import eval_fusion
from eval import answer_fitting
from kb.answering.candidates import FEATURES
from kb.answering.ranking import FILE
from kb.answering.support import SUPPORT_FEATURES, VECTOR_FEATURES
from kb.shipped import load_shipped

FAMILY = "mariagerfjord-cleaning-hours"
CALIBRATION = """\
answerable	dk-bornholm-mowing-by-result	{block}	en	Which rhythm did the gardeners on Bornholm follow?
answerable	dk-bornholm-mowing-by-result	{block}	en	On which days were the lawns of Bornholm cut?
far	-	-	en	What does the spaceship football zebra cost?
near	int-nl-buurtzorg	-	en	How many football cups does Buurtzorg have?
"""


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the weights, so that the fit does not change the program's."""
    folder = tmp_path / "weights"
    folder.mkdir()
    shutil.copyfile(str(files("kb.answering").joinpath(FILE)), folder / FILE)
    monkeypatch.setattr(eval_fusion, "files", lambda _: folder)
    return folder / FILE


@pytest.fixture
def fit(tmp_path, monkeypatch, embedder, small_kb, small_documents, quick_publish):
    """Run the command on the six documents, a few calibration questions and one family."""
    monkeypatch.setattr("ingest.service.load_shipped", lambda _: load_shipped(small_documents))
    monkeypatch.setattr("kb.knowledge_base.open_embedder", lambda *_: embedder)
    monkeypatch.setattr("kb.models.registry.open_embedder", lambda *_: embedder)
    _, blocks = small_kb.document("dk-bornholm-mowing-by-result", "en")
    first = next(block.number for block in blocks if block.kind == "paragraph")

    def fit(*arguments: str, calibration: str = CALIBRATION) -> int:
        (tmp_path / "calibration.tsv").write_text(calibration.format(block=first), encoding="utf-8")
        read = partial(answer_fitting.read_calibration, tmp_path / "calibration.tsv")
        monkeypatch.setattr(answer_fitting, "read_calibration", read)
        return main(["eval", "fit-answers", "--only", FAMILY, *arguments, "--data", str(small_kb.data), "--quiet"])

    return fit


def test_support_is_fitted_and_the_weights_of_blocks_are_kept(fit, weights, capsys):
    before = json.loads(weights.read_text())
    assert fit() == 0
    after = json.loads(weights.read_text())
    assert list(after) == list(before)
    assert after["blocks"] == before["blocks"]
    kinds = ["support", "support by words", "support of texts alone", "support of texts alone by words"]
    for kind in kinds:
        assert list(after[kind]) == [*SUPPORT_FEATURES, "constant"]
        assert after[kind] != before[kind]
        assert ({after[kind][name] for name in VECTOR_FEATURES} == {0.0}) is kind.endswith("by words")
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [*kinds, f"wrote {weights}"]
    assert lines[1].split() == [SUPPORT_FEATURES[0], f"{after['support'][SUPPORT_FEATURES[0]]:.3f}"]


def test_the_weights_of_blocks_are_fitted_and_support_is_kept(fit, weights, capsys):
    before = json.loads(weights.read_text())
    assert fit("--blocks") == 0
    after = json.loads(weights.read_text())
    assert list(after["blocks"]) == list(FEATURES)
    assert after["blocks"] != before["blocks"]
    assert {**after, "blocks": before["blocks"]} == before
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], len(lines), lines[-1]) == ("blocks", 2 + len(FEATURES), f"wrote {weights}")


@pytest.mark.parametrize(
    ("arguments", "calibration", "sentence"),
    [
        (["--blocks"], "", "None of these questions has a gold block among its candidates; choose more."),
        ([], "", "Support is fitted on questions that are answered and on others; choose more."),
    ],
    ids=["blocks", "support"],
)
def test_nothing_to_fit_on_is_one_sentence_and_the_weights_stay(fit, weights, capsys, arguments, calibration, sentence):
    before = weights.read_bytes()
    assert fit(*arguments, calibration=calibration) == 3
    assert capsys.readouterr() == ("", f"error: {sentence}\n")
    assert weights.read_bytes() == before

"""`tillit models`: a training, its measure and its card, by the command line."""

from __future__ import annotations

import json

import pytest

from app.cli import main
from kb.training.save import held_out, read_json
from tests.conftest import HashEmbedder
from tests.kb.training.texts import GLOSSARY, HashTeacher, groups


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command on made-up documents, with a teacher that needs no model."""

    def minilm():
        embedder = HashEmbedder("minilm")
        embedder.files = None
        return embedder

    monkeypatch.setattr("app.cli.COMMANDS", ("models",))
    monkeypatch.setattr("kb.models.registry.minilm", minilm)
    monkeypatch.setattr("kb.training.teacher.BatchTeacher", lambda files: HashTeacher())
    monkeypatch.setattr("kb.training.student.THREADS", 1)
    monkeypatch.setattr("kb.shipped.load_shipped", groups)
    monkeypatch.setattr("kb.words.glossary.load_glossary", lambda: GLOSSARY)

    def run(*arguments):
        code = main(["models", *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def model(run, tmp_path):
    folder = tmp_path / "model"
    options = ("--pairs", "none", "--out", folder, "--vocabulary", "800", "--epochs", "0.5", "--seed", "3")
    code, out, _ = run("train", *options, "--hold-out", "0/2")
    assert code == 0
    assert out.endswith(f"\nwrote {folder}\n")
    return folder


def test_training_takes_its_options(model):
    recipe = read_json(model / "training.json")["recipe"]
    assert (recipe["vocabulary"], recipe["epochs"], recipe["seed"]) == (800, 0.5, 3)
    assert str(held_out(model)) == "0/2"


def test_evaluation_asks_for_what_the_training_left_out(run, model):
    code, out, _ = run("evaluate", model)
    assert code == 0
    first, second = out.split("\n\n")
    assert " documents among 6. Recall@5 and mean reciprocal rank:\n" in first
    assert len(first.splitlines()) == 1 + 1 + 4 + 1
    assert second.startswith("minilm/64: ")
    assert "Note:" not in out


def test_evaluation_on_documents_that_were_learnt_from_says_so(run, model):
    assert "\nNote: the model may have learnt from these documents." in run("evaluate", model, "--hold-out", "1/2")[1]


def test_the_figures_as_json_go_into_the_card(run, model, tmp_path):
    report = run("evaluate", model, "--json", "--alone")[1]
    found = json.loads(report)
    assert (found["hold_out"], found["unseen"], len(found["models"])) == ("0/2", True, 1)
    (tmp_path / "scores.json").write_text(report)
    assert run("card", model, "--scores", tmp_path / "scores.json") == (0, f"wrote {model / 'README.md'}\n", "")
    assert "| model | Swedish |" in (model / "README.md").read_text()


def test_a_malformed_file_of_pairs_is_one_sentence(run, tmp_path):
    (tmp_path / "en-da.tsv").write_text("Trust\n")
    sentence = f"{tmp_path / 'en-da.tsv'}:1: a line must have 3 columns, tab-separated, none empty."
    assert run("train", "--pairs", tmp_path, "--out", tmp_path / "model") == (3, "", f"error: {sentence}\n")


def test_a_folder_without_a_model_is_one_sentence(run, tmp_path):
    code, out, err = run("evaluate", tmp_path)
    assert (code, out) == (3, "")
    assert err.startswith(f"error: The model in {tmp_path} cannot be read")


@pytest.mark.parametrize(
    "options",
    [["--hold-out", "5/5"], ["--epochs", "0"], ["--vocabulary", "-1"], ["--pairs"]],
    ids=["hold-out", "epochs", "vocabulary", "pairs"],
)
def test_wrong_usage_ends_with_two(run, options, tmp_path):
    with pytest.raises(SystemExit) as stop:
        run("train", "--pairs", "none", "--out", tmp_path, *options)
    assert stop.value.code == 2

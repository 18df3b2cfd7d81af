"""`tillit models` lists what is bundled and what is set, and how each scored."""

from __future__ import annotations

import json

from app.cli import main
from kb.models.static import StaticModel


def test_models_are_listed_with_what_is_known_of_them(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TILLIT_MODEL", str(tmp_path / "none"))
    (tmp_path / "model-scores.json").write_text(
        json.dumps({StaticModel().id: {"date": "2026-01-01", "questions": "q", "recall@5": 0.5, "ndcg@10": 0.25}})
    )
    assert main(["models", "--data", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tillit-static (embedder, bundled)"
    assert lines[2] == "  recall@5 0.500, ndcg@10 0.250 (tillit eval, 2026-01-01)"
    assert lines[3].startswith("all-MiniLM-L6-v2 (embedder)")
    assert lines[-2] == f"{tmp_path / 'none'} (embedder, set)"
    assert "none" in lines[-1]


def test_a_model_that_was_not_evaluated_here_says_so(tmp_path, capsys):
    assert main(["models", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[2] == "  not evaluated here yet: tillit eval"

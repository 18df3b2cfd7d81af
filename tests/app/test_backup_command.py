"""`tillit backup` and `tillit restore`: what they say, and their exit codes."""

from __future__ import annotations

import pytest

from app.cli import main
from tests.stored import state_of

pytestmark = pytest.mark.usefixtures("quick_publish")


@pytest.fixture(autouse=True)
def small_model(monkeypatch, embedder):
    """Let the commands use the embedder of the tests instead of the real model."""
    monkeypatch.setattr("kb.models.registry.open_embedder", lambda *_: embedder)


@pytest.fixture
def run(capsys, small_data):
    def run(*arguments, data=small_data):
        code = main([*map(str, arguments), "--data", str(data)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def file(run, tmp_path):
    run("backup", tmp_path / "tillit.zip")
    return tmp_path / "tillit.zip"


def test_a_backup_says_what_is_in_it(run, small_data, tmp_path):
    file = tmp_path / "tillit.zip"
    code, out, err = run("backup", file)
    size = f"{file.stat().st_size / 1e6:,.1f} MB"
    assert (code, err) == (0, "")
    assert out == f"24 texts are in {file} ({size}, index {state_of(small_data).fingerprint[:12]}).\n"
    assert run("backup", file)[::2] == (
        3, f"error: {file} exists already. Name another file, or overwrite this one with --force.\n"
    )  # fmt: skip
    assert run("backup", file, "--force")[0] == 0


def test_a_restored_folder_answers(run, file, small_data, tmp_path):
    code, out, err = run("restore", file, data=tmp_path / "new")
    assert (code, err) == (0, "")
    assert out.startswith("24 texts of 20")
    assert out.endswith(f" are in {tmp_path / 'new'} (index {state_of(small_data).fingerprint[:12]}).\n")
    assert run("doctor", data=tmp_path / "new")[0] == 0


def test_a_folder_that_holds_something_is_replaced_on_request_and_kept(run, file, small_data):
    code, out, err = run("restore", file)
    told = f"error: {small_data} holds a knowledge base. Replace it with --force, or name another with --data.\n"
    assert (code, out, err) == (3, "", told)
    code, out, _ = run("restore", file, "--force")
    kept = small_data.with_name(f"{small_data.name}.before-restore")
    assert code == 0
    assert out.splitlines()[1] == f"What was there before is kept in {kept}. Delete it when you no longer need it."


def test_what_is_wrong_with_what_was_restored_is_said(run, file, small_data, tmp_path):
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nA ferry.\n")
    run("ingest", note)
    next((small_data / "originals").iterdir()).unlink()
    note.unlink()
    code, out, _ = run("backup", tmp_path / "x.zip")
    assert code == 1
    assert "Originals that are not in it, since they are missing: " in out
    code, out, _ = run("restore", tmp_path / "x.zip", data=tmp_path / "new")
    assert code == 1
    assert out.splitlines()[1:] == [f"wrong   originals    1 original is missing: note. Ingest again: {note}"]


def test_a_file_that_is_no_backup_is_an_error_in_one_sentence(run, tmp_path):
    (tmp_path / "file.zip").write_bytes(b"PK")
    code, out, err = run("restore", tmp_path / "file.zip", data=tmp_path / "new")
    assert (code, out) == (3, "")
    assert err == (
        f"error: {tmp_path / 'file.zip'} is not a whole backup (File is not a zip file). Nothing was changed.\n"
    )
    assert not (tmp_path / "new").exists()


def test_without_an_index_there_is_nothing_to_back_up(run, tmp_path):
    told = f"error: There is no index in {tmp_path / 'none'} yet. Build it with: tillit build\n"
    assert run("backup", tmp_path / "x.zip", data=tmp_path / "none") == (3, "", told)

"""`tillit doctor`: a line a check, exit code 1 where something is wrong, `--repair`, `--json`."""

from __future__ import annotations

import json
import shutil

import pytest

from app.cli import main
from app.commands import doctor
from kb.store.lock import writer_lock
from tests.stored import state_of

READER = doctor._reader
pytestmark = pytest.mark.usefixtures("quick_publish")


@pytest.fixture(autouse=True)
def small_model(monkeypatch, embedder):
    """Let the commands use the embedder of the tests instead of the real model, and start no reader of files."""
    monkeypatch.setattr("kb.models.registry.open_embedder", lambda *_: embedder)
    monkeypatch.setattr(doctor, "_reader", lambda: None)


@pytest.fixture
def run(capsys, small_data):
    def run(*arguments):
        code = main(["doctor", *arguments, "--data", str(small_data)])
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return run


CHECKS = (
    *("folder", "disk", "lock", "catalogue", "rows", "terms", "documents", "originals", "vectors", "fingerprint"),
    *("index", "leftovers", "models", "model", "reader", "versions"),
)


def test_of_a_sound_folder_every_line_says_so(run, small_data):
    code, lines, err = run()
    assert (code, err) == (0, "")
    assert [line.split()[1] for line in lines[:-1]] == list(CHECKS)
    assert {line.split()[0] for line in lines[:-1]} <= {"ok", "note"}
    assert lines[0] == f"ok      folder       {small_data} can be read and written"
    assert lines[3] == "ok      catalogue    whole, version 3, 24 texts of 6 documents"
    assert lines[-1] == "Nothing is wrong."


def test_what_is_wrong_is_said_with_what_to_do_and_mended_on_request(run, small_data):
    generation = state_of(small_data).generation
    shutil.rmtree(small_data / "index" / generation)
    code, lines, _ = run()
    fault = f"generation {generation}: its folder is not there. Mend it with: tillit doctor --repair"
    assert code == 1
    assert [line for line in lines if line.startswith("wrong")] == [f"wrong   index        {fault}"]
    assert lines[-1] == "1 thing is wrong."
    code, lines, _ = run("--repair")
    assert code == 0
    assert (lines[0], lines[-1]) == ("mended  the index was made anew", "Nothing is wrong.")


def test_as_json(run, small_data):
    shutil.rmtree(small_data / "index")
    code, lines, _ = run("--json")
    report = json.loads("\n".join(lines))
    assert (code, report["well"], report["data"], report["mended"]) == (1, False, str(small_data), [])
    assert [finding["check"] for finding in report["findings"]] == list(CHECKS)
    assert [f for f in report["findings"] if f["verdict"] == "wrong"] == [
        {
            "check": "index",
            "verdict": "wrong",
            "message": f"generation {state_of(small_data).generation}: its folder is not there",
            "advice": "Mend it with: tillit doctor --repair",
        }
    ]
    code, lines, _ = run("--json", "--repair")
    assert (code, json.loads("\n".join(lines))["mended"]) == (0, ["the index was made anew"])


def test_what_cannot_be_mended_is_said_after_a_repair_too(run, small_data):
    (small_data / "catalogue.sqlite3").write_bytes(bytes(8192))
    for arguments in ([], ["--repair"]):
        code, lines, err = run(*arguments)
        assert (code, err) == (1, "")
        assert "wrong   catalogue    it is damaged (file is not a database). Put back a backup with: " in lines[3]
        assert lines[-1] == "1 thing is wrong."


def test_beside_a_writer_all_is_checked_but_nothing_mended(run, small_data, monkeypatch):
    monkeypatch.setenv("TILLIT_LOCK_SECONDS", "0")
    with writer_lock(small_data, 0):
        assert run()[0] == 0
        code, lines, err = run("--repair")
    assert (code, lines) == (3, [])
    assert err.endswith("Wait until it is done and try again.\n")


def test_without_a_folder_none_is_made(capsys, tmp_path):
    for arguments in ([], ["--repair"]):
        assert main(["doctor", *arguments, "--data", str(tmp_path / "none")]) == 1
        assert f"{tmp_path / 'none'} is not there. Make it with: tillit build\n" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_small_page_is_read_as_an_ingestion_would(run, monkeypatch):
    monkeypatch.setattr(doctor, "_reader", READER)
    assert "ok      reader       files are read in a process of their own" in run()[1]
    monkeypatch.setattr("ingest.child._run_worker", lambda *_: 1)
    code, lines, _ = run()
    fault = "the reader of files does not start; see: tillit doctor). Install Tillit again"
    assert (code, lines[-3].endswith(fault), lines[-3][:21]) == (1, True, "wrong   reader       ")


def test_no_notes_of_hashes_are_written_beside_a_large_model(monkeypatch, small_data):
    seen = []
    monkeypatch.setattr("kb.models.registry.open_embedder", lambda settings: seen.append(settings.data) or 1 / 0)
    main(["doctor", "--data", str(small_data)])
    assert seen == [small_data / "no-notes"]

"""`tillit activity`: what it prints, what it writes, what it erases, and its exit codes."""

from __future__ import annotations

import json

import pytest
import yaml

from app.cli import main
from app.commands import activity as command
from kb.activity import store
from kb.activity.file import FILE_NAME
from kb.activity.records import Feedback, Refused
from kb.settings import Settings

UP = Feedback("up", ("How tall is the grass?",), "en", "fact", "answered", ("dk-x",), "abc", "1", "Tydeligt, på dansk")
ZEBRAS = Refused("How many zebras?", "en", "no-match")
KINDS = {"feedback": UP, "refused": ZEBRAS}


@pytest.fixture
def data(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def used(data):
    for what in KINDS.values():
        store.keep(data, what, 90)
    return data


@pytest.fixture
def run(capsys, data):
    def run(*arguments):
        code = main(["activity", *map(str, arguments), "--data", str(data)])
        return code, *capsys.readouterr()

    return run


def today() -> str:
    return store.utc_today().isoformat()


def test_entries_are_printed_a_line_each(run, used):
    code, out, err = run("export")
    assert (code, err) == (0, "")
    lines = {line["kind"]: line for line in map(json.loads, out.splitlines())}
    assert len(out.splitlines()) == 2
    ids = {entry.kind: entry.id for entry in store.entries(used, 90)}
    assert lines["refused"] == {
        "id": ids["refused"], "day": today(), "kind": "refused", "question": "How many zebras?", "language": "en",
        "reason": "no-match",
    }  # fmt: skip
    assert lines["feedback"] == {
        "id": ids["feedback"], "day": today(), "kind": "feedback", "thumb": "up",
        "questions": ["How tall is the grass?"], "language": "en", "type": "fact", "status": "answered",
        "documents": ["dk-x"], "fingerprint": "abc", "program": "1", "word": "Tydeligt, på dansk",
    }  # fmt: skip
    assert "Tydeligt, på dansk" in out


def test_an_export_is_a_new_file_that_nobody_else_can_read(run, used, tmp_path):
    file = tmp_path / "asked.jsonl"
    told = f"2 entries written to {file}. It holds what people asked: delete it when it is done with.\n"
    assert run("export", file) == (0, told, "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8") == run("export")[1]
    assert run("export", file) == (3, "", f"error: {file} exists already. Name another file.\n")


def test_candidates_for_the_evaluation_set_are_exported_and_checked(run, used, tmp_path, capsys):
    (tmp_path / "set").mkdir()
    assert run("export", tmp_path / "set" / "asked.yaml", "--format", "questions")[0] == 0
    families = yaml.safe_load((tmp_path / "set" / "asked.yaml").read_text(encoding="utf-8"))
    assert {family["author"] for family in families} == {"feedback"}
    assert main(["eval", "check", "--questions", str(tmp_path / "set")]) == 1
    out, err = capsys.readouterr()
    told = "it is still to be filled in: gold, nuggets (asked.yaml)"
    assert err == ""
    assert out.splitlines() == [
        *(f"{family['id']}: {told}" for family in families),
        "2 problems in 0 families, 0 questions ()",
    ]


def test_where_nothing_was_kept_nothing_is_exported(run, data):
    assert run("export") == (0, "", "")
    assert list(data.iterdir()) == []


def test_status_says_what_is_kept_and_how_much(run, used, data):
    code, out, err = run("status")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"File         {data / FILE_NAME}",
        "Keeps        what visitors send by thumbs (activity = feedback)",
        "For          90 days",
        f"Feedback     1, thumbs up 1, down 0, {today()} to {today()}",
        f"Refused      1, {today()} to {today()}",
    ]


def test_status_of_nothing_and_of_other_settings(run, data, monkeypatch):
    monkeypatch.setenv("TILLIT_ACTIVITY", "none")
    monkeypatch.setenv("TILLIT_ACTIVITY_DAYS", "7")
    assert run("status")[1].splitlines()[1:] == [
        "Keeps        nothing (activity = none)",
        "For          7 days",
        "Feedback     0, thumbs up 0, down 0",
        "Refused      0",
    ]


def test_each_value_of_the_setting_is_told_in_words():
    assert list(command.KEEPS) == list(Settings.model_fields["activity"].annotation.__args__)


def test_status_tells_of_days_to_come(run, used, monkeypatch):
    real = store.utc_today()
    monkeypatch.setattr(store, "utc_today", lambda: real.replace(year=real.year - 1))
    told = "2 dated in days to come, for which no retention ends: set the clock, or erase"
    assert run("status")[1].splitlines()[-1] == f"To come      {told}"


def test_one_entry_is_erased_by_its_id(run, used):
    number = next(entry.id for entry in store.entries(used, 90) if entry.kind == "refused")
    assert run("erase", "--id", number) == (0, "1 entry erased.\n", "")
    assert [entry.what for entry in store.entries(used, 90)] == [UP]
    told = f"error: There is no entry {number}. List them with: tillit activity export\n"
    assert run("erase", "--id", number) == (3, "", told)


def test_all_is_erased_without_a_question_where_that_is_said(run, used):
    told = "2 entries erased. Backups and exports that were made before may still hold them.\n"
    assert run("erase", "--yes") == (0, told, "")
    assert store.entries(used, 90) == []


@pytest.mark.parametrize(
    ("terminal", "answer", "code"), [(True, "y", 0), (True, " Yes", 0), (True, "", 1), (True, "n", 1), (False, "y", 1)]
)
def test_all_is_erased_only_where_somebody_agrees(run, used, monkeypatch, terminal, answer, code):
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    assert run("erase")[0] == code
    assert len(store.entries(used, 90)) == (0 if code == 0 else 2)
    assert asked == ([f"Erase all that visitors left behind in {used}? [y/N] "] if terminal else [])


@pytest.mark.parametrize("action", ["export", "status"])
def test_a_damaged_file_is_told_of_in_one_sentence(run, data, action):
    (data / FILE_NAME).write_bytes(b"no database" * 1000)
    told = f"{data / FILE_NAME} is damaged (file is not a database). Set it aside with: tillit doctor --repair"
    assert run(action) == (3, "", f"error: {told}\n")


def test_an_action_is_needed(run):
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 2


def test_the_settings_are_told(capsys):
    assert main(["settings"]) == 0
    out = capsys.readouterr().out
    assert "activity = feedback  (default)\n" in out
    assert "activity_days = 90  (default)\n" in out


def test_the_help_of_backup_says_that_it_is_left_out(capsys):
    with pytest.raises(SystemExit):
        main(["backup", "--help"])
    help_text = " ".join(capsys.readouterr().out.split())
    assert "with what visitors left behind (feedback, refused questions), which is left out otherwise" in help_text

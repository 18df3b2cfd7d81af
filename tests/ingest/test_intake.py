"""Taking in: a run goes on where it was interrupted, duplicates are named, what failed waits to be tried again."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ingest import intake
from ingest.intake import ingest, resume, retry
from kb.errors import DocumentError
from kb.store import journal
from kb.store.catalogue import open_catalogue
from tests.ingest.desk import LINES, first_found, knowledge_base, take_in, workshop
from tests.ingest.pdfs import pdf
from tests.stored import own, state_of, write

pytestmark = pytest.mark.usefixtures("quick_publish")

INTERRUPTED = """
import os, sys
from pathlib import Path
from ingest.intake import ingest
from ingest.service import Workshop
from kb.store import publish
from tests.conftest import HashEmbedder

def killed(*args, **options):
    os.kill(os.getpid(), 9)

publish.publish = killed
ingest(Workshop(Path(sys.argv[1]), HashEmbedder()), [Path(sys.argv[2])])
"""


def interrupted(data: Path, notes: Path) -> None:
    """Take in a folder and be killed when everything is staged and nothing is published."""
    environment = {**os.environ, "PYTHONPATH": str(Path(intake.__file__).parents[1])}
    command = [sys.executable, "-c", INTERRUPTED, str(data), str(notes)]
    assert subprocess.run(command, env=environment, check=False).returncode == -9


def held(data: Path) -> dict[str, str]:
    """Return the verdict on each file in quarantine, by its name."""
    with closing(open_catalogue(data)) as connection:
        return {Path(each.file).name: each.verdict for each in journal.quarantine(connection)}


@pytest.fixture
def reads(monkeypatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    extract = intake.extract

    def counted(path, limits):
        names.append(path.name)
        return extract(path, limits)

    monkeypatch.setattr(intake, "extract", counted)
    return names


def test_the_pipeline_is_loaded_ahead_once_a_file_has_to_be_read_and_not_before(data, notes, monkeypatch):
    write(notes, "a.md")
    take_in(data, notes)
    loaded: list[str] = []
    monkeypatch.setattr(intake, "import_module", loaded.append)
    intake._load_ahead.cache_clear()
    take_in(data, notes)
    assert loaded == []
    write(notes, "b.md")
    take_in(data, notes)
    assert loaded == ["ingest.pipeline"]


# Going on ----------------------------------------------------------------------------------------


def test_a_run_goes_on_where_it_was_interrupted(data, notes, reads):
    write(notes, "a.md", "b.md")
    (notes / "c.pdf").write_bytes(b"%PDF-1.7 and nothing")
    interrupted(data, notes)
    write(notes, "d.md")
    done = [("added", "a", "a.md"), ("added", "b", "b.md"), ("failed", "c", "c.pdf"), ("added", "d", "d.md")]
    assert take_in(data, notes) == done
    assert reads == ["d.md"]
    assert set(own(data)) == {"a", "b", "d"}


def test_a_file_that_changed_since_is_read_anew(data, notes, reads):
    write(notes, "a.md", "b.md")
    interrupted(data, notes)
    write(notes, "a.md", text="The bus leaves for the town at noon.")
    assert take_in(data, notes) == [("added", "a", "a.md"), ("added", "b", "b.md")]
    assert reads == ["a.md"]
    assert first_found(data, "bus town noon") == "a"


def test_a_file_that_is_gone_since_is_not_published(data, notes):
    write(notes, "a.md", "b.md")
    interrupted(data, notes)
    (notes / "b.md").unlink()
    assert take_in(data, notes) == [("added", "a", "a.md")]
    assert set(own(data)) == {"a"}


def test_another_request_starts_anew(data, notes):
    write(notes, "a.md")
    write(notes.parent / "other", "b.md")
    interrupted(data, notes)
    assert take_in(data, notes.parent / "other") == [("added", "b", "b.md")]
    assert set(own(data)) == {"b"}
    with pytest.raises(DocumentError, match="No ingestion was interrupted"):
        resume(workshop(data))


def test_the_interrupted_run_can_be_resumed_without_naming_it_again(data, notes, reads):
    write(notes, "a.md")
    interrupted(data, notes)
    assert [outcome.what for outcome in resume(workshop(data))] == ["added"]
    assert reads == []
    with pytest.raises(DocumentError, match="No ingestion was interrupted"):
        resume(workshop(data))


def test_a_run_that_came_to_its_end_is_not_taken_up_again(data, notes, reads):
    notes.mkdir()
    (notes / "c.pdf").write_bytes(b"%PDF-1.7 and nothing")
    take_in(data, notes)
    take_in(data, notes)
    assert reads == ["c.pdf", "c.pdf"]


# Duplicates --------------------------------------------------------------------------------------


def test_the_same_file_twice_is_one_document(data, notes):
    write(notes, "a.md", "deep/b.md", text="The ferry sails to the island at dawn.")
    outcomes = ingest(workshop(data), [notes])
    assert [(o.what, o.document_id, o.verdict) for o in outcomes] == [
        ("added", "a", "ok"),
        ("duplicate", "deep-b", "duplicate"),
    ]
    assert outcomes[1].message == f"the same file as {notes / 'a.md'} (a)"
    assert set(own(data)) == {"a"}
    assert [outcome.what for outcome in ingest(workshop(data), [notes])] == ["unchanged", "duplicate"]


def test_a_file_that_was_moved_is_no_duplicate(data, notes):
    write(notes, "a.md")
    take_in(data, notes)
    (notes / "a.md").rename(notes / "b.md")
    assert take_in(data, notes) == [("added", "b", "b.md"), ("vanished", "a", "a.md")]


def test_a_file_that_has_an_id_of_its_own_is_not_taken_in_again_with_its_folder(data, notes):
    write(notes, "a.md")
    take_in(data, notes / "a.md", document_id="mine")
    assert take_in(data, notes) == [("duplicate", "a", "a.md")]
    assert set(own(data)) == {"mine"}


# Quarantine --------------------------------------------------------------------------------------


def test_what_failed_waits_until_it_can_be_read(data, notes):
    write(notes, "a.md")
    (notes / "b.pdf").write_bytes(b"%PDF-1.7 and nothing")
    (notes / "c.txt").write_bytes(b"")
    take_in(data, notes)
    assert held(data) == {"b.pdf": "malformed", "c.txt": "no-text"}
    (notes / "b.pdf").write_bytes(pdf(LINES))
    state = state_of(data)
    assert [(o.what, o.document_id) for o in retry(workshop(data))] == [("added", "b"), ("failed", "c")]
    assert held(data) == {"c.txt": "no-text"}
    assert state_of(data) != state
    assert set(own(data)) == {"a", "b"}


def test_a_file_in_quarantine_that_is_there_no_more_is_let_go(data, notes):
    notes.mkdir()
    (notes / "c.txt").write_bytes(b"")
    take_in(data, notes)
    (notes / "c.txt").unlink()
    assert retry(workshop(data)) == []
    assert held(data) == {}


def test_what_is_retried_is_asked_for_as_before(data, notes):
    notes.mkdir()
    (notes / "b.pdf").write_bytes(b"%PDF-1.7 and nothing")
    ingest(workshop(data), [notes], {"title": "The ferry", "year": 2020})
    (notes / "b.pdf").write_bytes(pdf(LINES))
    retry(workshop(data))
    stored = own(data)["b"]
    assert (stored.document.title, stored.document.year, stored.folder) == ("The ferry", 2020, str(notes))


# Folders -----------------------------------------------------------------------------------------


def test_files_that_are_of_no_kind_that_is_read_are_told_of(data, notes):
    write(notes, "a.md", "a.md.yaml", text="The ferry sails to the island at dawn.")
    (notes / "a.md.yaml").write_text("title: Ferry")
    (notes / "photo.png").write_bytes(b"\x89PNG")
    outcomes = ingest(workshop(data), [notes])
    assert [(o.what, o.path, o.verdict) for o in outcomes] == [
        ("added", "a.md", "ok"),
        ("passed over", str(notes / "photo.png"), "unsupported"),
    ]
    assert held(data) == {}


def test_files_are_read_beside_each_other_and_told_of_in_order(data, notes):
    names = [f"{number:02}.md" for number in range(20)]
    write(notes, *names)
    (notes / "05.md").write_bytes(b"")
    found = take_in(data, notes)
    assert [path for _, _, path in found] == names
    assert [what for what, _, _ in found].count("failed") == 1


def test_the_journal_holds_what_became_of_each_file(data, notes):
    write(notes, "a.md")
    (notes / "c.txt").write_bytes(b"")
    take_in(data, notes)
    with closing(open_catalogue(data)) as connection:
        (run,) = connection.execute("SELECT key, ended FROM runs").fetchall()
        rows = connection.execute("SELECT run, path, what, verdict FROM journal ORDER BY path").fetchall()
    assert run[1] is not None
    assert rows == [(run[0], "a.md", "added", "ok"), (run[0], "c.txt", "failed", "no-text")]


# Texts -------------------------------------------------------------------------------------------


def test_a_document_of_headings_only_is_found_and_nothing_of_it_is_quoted(data, notes):
    write(notes, "plan.md", text="# Plan for the harbour\n\n## Dredging of the basin\n\n## Lighthouse\n")
    take_in(data, notes)
    assert first_found(data, "dredging basin") == "plan"
    answer = knowledge_base(data).ask("What is said of the dredging of the basin?")
    assert (answer.status, answer.statements) == ("refused", ())

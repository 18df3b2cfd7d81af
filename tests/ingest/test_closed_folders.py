"""What this user may not look at is told of, and nothing in it counts as vanished."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.intake import ingest
from ingest.sources import find_sources, is_gone
from kb.errors import DocumentError
from tests.ingest.desk import workshop
from tests.ingest.pdfs import pdf
from tests.stored import own, write

pytestmark = pytest.mark.usefixtures("quick_publish")

Close = Callable[[Path], None]


def refuse(path: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


@pytest.fixture
def unlisted(monkeypatch: pytest.MonkeyPatch) -> Close:
    """Let a folder not be listed, though what lies in it can be opened."""

    def close(folder: Path) -> None:
        real = os.scandir
        monkeypatch.setattr(os, "scandir", lambda path: refuse(path) if Path(path) == folder else real(path))

    return close


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, unlisted: Close) -> Close:
    """Let a file not be opened, or a folder not be listed and nothing in it be opened."""

    def close(folder: Path) -> None:
        unlisted(folder)
        real = Path.open

        def open_other(path: Path, *args: str, **given: str) -> object:
            return refuse(path) if path.is_relative_to(folder) else real(path, *args, **given)

        monkeypatch.setattr(Path, "open", open_other)

    return close


def told(data: Path, notes: Path) -> list[tuple[str, str, str]]:
    return [(o.what, o.document_id, o.path) for o in ingest(workshop(data), [notes], prune=True)]


@pytest.mark.parametrize("how", ["unlisted", "closed"])
def test_what_lies_in_a_folder_that_cannot_be_looked_at_stays_and_is_told_of(data, notes, how, request):
    write(notes, "a.md", "deep/b.md")
    ingest(workshop(data), [notes])
    before = own(data)
    request.getfixturevalue(how)(notes / "deep")
    assert told(data, notes) == [("unchanged", "a", "a.md"), ("failed", "", str(notes / "deep"))]
    assert own(data) == before


def test_a_file_that_cannot_be_opened_stays(data, notes, closed):
    write(notes, "a.md")
    (notes / "letter").write_bytes(pdf(["The ferry sails to the island at dawn."]))
    ingest(workshop(data), [notes])
    closed(notes / "letter")
    told(data, notes)
    assert set(own(data)) == {"a", "letter"}


def test_a_folder_whose_files_cannot_be_looked_at_is_told_of(data, notes, monkeypatch):
    write(notes, "a.md", "deep/b.md")
    real = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: refuse(path) if path.name == "b.md" else real(path))
    assert told(data, notes) == [("added", "a", "a.md"), ("failed", "", str(notes / "deep" / "b.md"))]


def test_a_folder_of_which_nothing_can_be_looked_at_is_refused(notes, unlisted):
    write(notes, "a.md")
    unlisted(notes)
    with pytest.raises(DocumentError) as caught:
        find_sources([notes], {})
    assert str(caught.value) == f"{notes} cannot be looked at. Give this user the right to read it."


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def lose_folder(file: Path) -> None:
    file.unlink()
    file.parent.rmdir()


def put_file_in_place_of_folder(file: Path) -> None:
    lose_folder(file)
    file.parent.touch()


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (Path.unlink, True),
        (lose_folder, True),
        (make_folder, True),
        (put_file_in_place_of_folder, True),
        (lambda file: file.write_bytes(b"\x89PNG"), True),
        (lambda file: None, False),
        (lambda file: file.write_bytes(pdf(["Another."])), False),
    ],
    ids=["file", "folder", "a folder now", "its folder a file now", "another kind", "unchanged", "changed"],
)
def test_a_file_is_gone_once_it_is_no_document_any_more(tmp_path, change, gone):
    file = tmp_path / "folder" / "letter"
    file.parent.mkdir()
    file.write_bytes(pdf(["The ferry sails to the island at dawn."]))
    change(file)
    assert is_gone(file) == gone


def test_a_file_that_cannot_be_opened_is_not_gone(tmp_path, closed):
    closed(tmp_path)
    assert not is_gone(tmp_path / "a.md")

"""Originals are kept whole and under their hash; a file that changes or vanishes while it is read fails alone."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import originals
from ingest.child import Limits
from ingest.extraction import Extracted, extract
from ingest.intake import ingest
from ingest.originals import keep_original
from kb.errors import DataFolderError, DiskFullError, DocumentError
from kb.store import publish
from kb.store.doctor import examine_data, is_well
from tests.conftest import HashEmbedder
from tests.ingest.desk import hash_of, take_in, workshop
from tests.ingest.desk import originals as kept_in
from tests.stored import own, write

pytestmark = pytest.mark.usefixtures("quick_publish")


def then(name: str, change: Callable[[Path], object]) -> Callable[[Path, Limits], Extracted]:
    """Return a reader after which one of the files is changed."""

    def read(file: Path, limits: Limits) -> Extracted:
        extracted = extract(file, limits)
        if file.name == name:
            change(file)
        return extracted

    return read


def become_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Path.unlink, "cannot be read: No such file or directory."),
        (become_a_folder, "cannot be read: Is a directory."),
        (lambda file: file.write_text("The bus leaves."), "was changed while it was read. Ingest it again."),
    ],
    ids=["vanished", "a folder", "changed"],
)
def test_a_file_that_is_not_there_any_more_as_it_was_read_fails_alone(data, notes, change, message):
    write(notes, "a.md", "b.md", "c.md")
    outcomes = ingest(workshop(data, read=then("b.md", change)), [notes])
    told = f"{notes / 'b.md'} {message}"
    assert [(o.what, o.document_id, o.message) for o in outcomes] == [
        ("added", "a", ""), ("failed", "b", told), ("added", "c", "")
    ]  # fmt: skip
    assert set(own(data)) == {"a", "c"}
    assert kept_in(data) == {stored.original for stored in own(data).values()}
    assert is_well(examine_data(data, HashEmbedder()))


def test_a_file_that_was_changed_while_it_was_read_is_taken_in_the_next_time(data, notes):
    write(notes, "a.md")
    ingest(workshop(data, read=then("a.md", lambda file: file.write_text("The bus leaves."))), [notes])
    assert take_in(data, notes) == [("added", "a", "a.md")]
    assert kept_in(data) == {f"{hash_of('The bus leaves.')}.md"}


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, DiskFullError), (errno.EACCES, DataFolderError)], ids=["full", "rights"]
)
def test_a_copy_that_cannot_be_written_is_no_fault_of_the_file(tmp_path, monkeypatch, number, error):
    def fail(file: Path, content: str, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(number, os.strerror(number), str(target))

    (tmp_path / "a.md").write_text("The ferry.")
    monkeypatch.setattr(originals, "_copy", fail)
    with pytest.raises(error) as caught:
        keep_original(tmp_path / "a.md", hash_of("The ferry."), tmp_path / "data")
    assert type(caught.value) is error
    assert list((tmp_path / "data" / "originals").iterdir()) == []


def test_a_large_file_is_kept_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(originals, "PART", 1000)
    content = os.urandom(2500)
    (tmp_path / "A.PDF").write_bytes(content)
    name = keep_original(tmp_path / "A.PDF", hash_of(content), tmp_path / "data")
    assert name == f"{hash_of(content)}.pdf"
    assert (tmp_path / "data" / "originals" / name).read_bytes() == content
    with pytest.raises(DocumentError):
        keep_original(tmp_path / "A.PDF", hash_of("another"), tmp_path / "data")
    assert kept_in(tmp_path / "data") == {name}


def test_originals_are_on_the_disk_before_they_are_acknowledged(data, notes, monkeypatch):
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.path.realpath(f"/proc/self/fd/{number}")))
    before: list[str] = []
    real = publish.publish
    monkeypatch.setattr(publish, "publish", lambda *args, **given: before.extend(synced) or real(*args, **given))
    write(notes, "a.md", "b.md")
    take_in(data, notes)
    folder = (data / "originals").resolve()
    assert set(before) == {str(folder), *(str(folder / name) for name in kept_in(data))}

"""A disk that fills at any moment of any command: it is told in one sentence, and nothing acknowledged is lost.

The catalogue may grow by so many pages only, which SQLite takes for a full disk; files are refused by a patch.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import originals
from ingest.intake import ingest, retry
from ingest.service import Workshop, build, remove
from kb.errors import DiskFullError
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.store import catalogue, chroma, generation
from kb.store.backup import back_up
from kb.store.doctor import Surroundings, examine_data, is_well
from kb.store.repair import repair
from kb.store.restore import restore
from tests.conftest import HashEmbedder
from tests.kb.store.damaging import delete_generation
from tests.stored import live, write

pytestmark = pytest.mark.usefixtures("quick_publish")

AROUND = Surroundings(HashEmbedder, lambda: Workshop(Path(), HashEmbedder()).window.version)
LONG = "\n\n".join(f"The ferry number {number} sails to the island at dawn." for number in range(120))


class Shore:
    """A data folder with notes of one's own, one of them in quarantine, and what can be done with it."""

    def __init__(self, data: Path, documents: Path) -> None:
        self.data, self.documents, self.notes = data, documents, data.parent / "notes"
        write(self.notes, "harbour.md", "lighthouse.md")
        (self.notes / "bridge.md").write_bytes(b"")
        self.workshop = Workshop(data, HashEmbedder())
        ingest(self.workshop, [self.notes])
        back_up(data, data.parent / "tillit.zip", "1")

    @property
    def texts(self) -> dict[tuple[str, str], str]:
        return {key: stored.document.text for key, stored in live(self.data).items()}

    def to_ingest(self) -> Callable[[], object]:
        write(self.notes, "ferry.md", "harbour.md", text=LONG)
        return lambda: ingest(self.workshop, [self.notes])

    def to_retry(self) -> Callable[[], object]:
        write(self.notes, "bridge.md", text=LONG)
        return lambda: retry(self.workshop)

    def to_build(self) -> Callable[[], object]:
        folder = shutil.copytree(self.documents, self.data.parent / "changed")
        for file in folder.glob("en/case/*.md"):
            file.write_text(f"{file.read_text()}\n\n{LONG}\n")
        return lambda: build(self.workshop, folder)

    def to_remove(self) -> Callable[[], object]:
        return lambda: remove(self.workshop, ["harbour"])

    def to_prune(self) -> Callable[[], object]:
        (self.notes / "lighthouse.md").unlink()
        return lambda: ingest(self.workshop, [self.notes], prune=True)

    def to_restore(self) -> Callable[[], object]:
        return lambda: restore(self.data, self.data.parent / "tillit.zip", AROUND, 0, force=True)


@pytest.fixture
def shore(small_data: Path, small_documents: Path) -> Shore:
    return Shore(small_data, small_documents)


COMMANDS = ("ingest", "retry", "build", "remove", "prune", "restore")


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def pages(number: int) -> Callable[[pytest.MonkeyPatch], None]:
    """Return what lets the catalogue grow by so many pages."""

    def limit(patch: pytest.MonkeyPatch) -> None:
        connect = catalogue._connect

        def limited(uri: str) -> sqlite3.Connection:
            connection = connect(uri)
            (count,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {max(1, count + number)}")
            return connection

        patch.setattr(catalogue, "_connect", limited)

    return limit


def no_room(owner: object, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(owner, name, full)


FULL = {
    **{f"{number} pages": pages(number) for number in (0, 1, 2, 4, 8, 16, 32)},
    "originals": no_room(originals, "_copy"),
    "originals on the disk": no_room(originals, "sync_folder"),
    "vectors": no_room(generation, "_write_vectors"),
    "chroma": no_room(chroma, "write"),
    "index on the disk": no_room(generation, "_sync"),
    "marks": no_room(Path, "touch"),
}
OFTEN = ("8 pages", "chroma")
"""What is tried of every command each time; of an ingest, all files are; the rest is tried by `make test-all`."""
SLOW = pytest.mark.slow
TRIED = [
    pytest.param(what, where, marks=() if where in OFTEN or (what == "ingest" and "pages" not in where) else SLOW)
    for what in COMMANDS
    for where in FULL
]


def attempted(monkeypatch: pytest.MonkeyPatch, where: str, do: Callable[[], object]) -> str | None:
    """Do something while the disk fills, and return what is told of it, None where there was room."""
    with monkeypatch.context() as patch:
        FULL[where](patch)
        try:
            do()
        except DiskFullError as error:
            return str(error)
    return None


def found(data: Path) -> list[tuple[str, str]]:
    kb = KnowledgeBase(load_settings(data=data), HashEmbedder())
    return [(p.chunk.document_id, p.chunk.text) for p in kb.search("ferry island dawn harbour", limit=50)]


@pytest.mark.parametrize(("what", "where"), TRIED)
def test_what_fills_the_disk_is_done_wholly_or_not_at_all(shore, monkeypatch, what, where):
    do = getattr(shore, f"to_{what}")()
    before = (shore.texts, found(shore.data))
    told = attempted(monkeypatch, where, do)
    if told is not None:
        assert told.startswith(f"The disk that holds {shore.data}")
        assert told.endswith(" is full. Free some space and try again; nothing was lost.")
        assert (shore.texts, found(shore.data)) == before
        assert is_well(examine_data(shore.data, HashEmbedder(), AROUND.chunker))
        do()
    assert (shore.texts != before[0]) == (what != "restore")
    assert is_well(examine_data(shore.data, HashEmbedder(), AROUND.chunker))


@pytest.mark.parametrize("where", ["vectors", "chroma", "index on the disk"])
def test_a_repair_that_fills_the_disk_can_be_done_again(shore, monkeypatch, where):
    before = (shore.texts, found(shore.data))
    delete_generation(shore.data)
    told = attempted(monkeypatch, where, lambda: repair(shore.data, AROUND, 0))
    assert told == f"The disk that holds {shore.data} is full. Free some space and try again; nothing was lost."
    assert shore.texts == before[0]
    repair(shore.data, AROUND, 0)
    assert is_well(examine_data(shore.data, HashEmbedder(), AROUND.chunker))
    assert (shore.texts, found(shore.data)) == before

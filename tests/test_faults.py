"""Nothing lost: an ingest is killed at any moment, and all that was acknowledged is there and whole.

The child that is killed says when its imports are done; from then on the moments of the kills are
spread over the time that an undisturbed run takes. This process is the reader that looks on.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.intake import ingest
from ingest.service import Workshop, build
from kb.blocks import parse_blocks
from kb.errors import IndexMissingError
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.store import verify
from kb.store.catalogue import FILE_NAME, open_catalogue, read_blocks, read_chunks, reading, stored_documents
from kb.store.doctor import examine_data, is_well
from kb.store.generation import open_generation
from kb.vocabulary import LANGUAGES
from tests.conftest import ROOT, HashEmbedder
from tests.stored import generations_in, live, own, state_of, verify_here

KEPT = ("lighthouse", "harbour", "breakwater")
CHANGED = "breakwater"
NEW = tuple(f"ferry-{number:02}" for number in range(20))

CHILD = """
import sys
from pathlib import Path
from ingest import pipeline
from ingest.intake import ingest
from ingest.service import Workshop, build
from kb.store import chroma
from tests.conftest import HashEmbedder

what, data, path = sys.argv[1:]
run = {"build": build, "ingest": lambda workshop, path: ingest(workshop, [path])}[what]
print("ready", flush=True)
run(Workshop(Path(data), HashEmbedder()), Path(path))
"""


def spread(kills: int, seed: int) -> list[float]:
    """Return moments between 0 and 1, one at random in each of as many equal parts."""
    chance = random.Random(seed)
    return [round((part + chance.random()) / kills, 3) for part in range(kills)]


KILLS = int(os.environ.get("TILLIT_KILLS", "20"))
"""Kills of `make test-all`; `make test-faults` makes a hundred."""
MOMENTS = [*spread(4, seed=1), *(pytest.param(moment, marks=pytest.mark.slow) for moment in spread(KILLS, seed=2))]


def text_of(name: str, version: str = "first") -> str:
    paragraphs = "\n\n".join(f"The {name} has a {part} part, which is told of here." for part in ("north", "south"))
    return f"# The {name}\n\n{paragraphs}\n\n## Year\n\nThis is the {version} telling of the {name}.\n"


@dataclass(frozen=True)
class Shore:
    """A data folder, the user's notes, and what was acknowledged before."""

    data: Path
    notes: Path
    before: dict[tuple[str, str], str]

    @property
    def texts(self) -> dict[tuple[str, str], str]:
        return {key: stored.document.text for key, stored in live(self.data).items()}

    @property
    def after(self) -> dict[tuple[str, str], str]:
        """What is there when the killed ingest is wholly visible."""
        new = {(name, "en"): text_of(name) for name in NEW}
        return {**self.before, **new, (CHANGED, "en"): text_of(CHANGED, "second")}


@pytest.fixture
def shore(small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shore:
    """The six documents and three notes are acknowledged; twenty notes are new and one is changed."""
    verify_here(monkeypatch)
    notes = tmp_path / "notes"
    notes.mkdir()
    for name in KEPT:
        (notes / f"{name}.md").write_text(text_of(name))
    ingest(Workshop(small_data, HashEmbedder()), [notes])
    before = {key: stored.document.text for key, stored in live(small_data).items()}
    for name in NEW:
        (notes / f"{name}.md").write_text(text_of(name))
    (notes / f"{CHANGED}.md").write_text(text_of(CHANGED, "second"))
    return Shore(small_data, notes, before)


@contextmanager
def child(what: str, data: Path, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a writer in a process of its own; it is ready when this yields."""
    command = [sys.executable, "-c", CHILD, what, str(data), str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, start_new_session=True) as process:
        assert process.stdout.readline() == b"ready\n"
        yield process
    wait_for_the_orphan(process.pid)


def wait_for_the_orphan(group: int) -> None:
    """Wait until the process that verifies the index has ended too, which outlives a writer that is killed."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise TimeoutError


def undisturbed_seconds(what: str, data: Path, path: Path) -> float:
    with child(what, data, path) as process:
        began = time.monotonic()
        assert process.wait() == 0
        return time.monotonic() - began


@pytest.fixture(scope="session")
def ingest_seconds(_small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an undisturbed ingest of as many notes takes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(_small_data, folder / "data")
    (folder / "notes").mkdir()
    for name in (*NEW, *KEPT):
        (folder / "notes" / f"{name}.md").write_text(text_of(name))
    seconds = undisturbed_seconds("ingest", folder / "data", folder / "notes")
    assert set(own(folder / "data")) == {*NEW, *KEPT}
    return seconds


@pytest.fixture(scope="session")
def build_seconds(small_documents: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    return undisturbed_seconds("build", tmp_path_factory.mktemp("undisturbed") / "data", small_documents)


def knowledge_base(data: Path) -> KnowledgeBase:
    return KnowledgeBase(load_settings(data=data), HashEmbedder())


def visible(kb: KnowledgeBase, shore: Shore) -> int:
    """Return how many of the new notes a search shows, and check that all that it shows is of one moment."""
    passages = kb.search("ferry breakwater north south part year", limit=100)
    new = {passage.chunk.document_id for passage in passages} & set(NEW)
    texts = shore.after if new else shore.before
    for passage in passages:
        chunk = passage.chunk
        assert texts[chunk.document_id, chunk.language][chunk.start : chunk.end] == chunk.text
    assert CHANGED in {passage.chunk.document_id for passage in passages}
    return len(new)


def assert_whole(data: Path) -> None:
    """Check that catalogue, index terms and vectors are those of the live documents, all of them and no other."""
    with open_and_close(data) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    english = []
    with reading(data) as connection:
        for stored in stored_documents(connection):
            assert read_blocks(connection, stored.key) == parse_blocks(stored.document.text)
            rows = connection.execute("SELECT key FROM chunks WHERE document = ?", (stored.key,))
            chunks = read_chunks(connection, [key for (key,) in rows])
            assert all(stored.document.text[c.start : c.end] == c.text != "" for c in chunks.values())
            terms = connection.execute(
                f"SELECT rowid FROM terms_{stored.document.language} WHERE rowid IN "
                "(SELECT key FROM chunks WHERE document = ?)",
                (stored.key,),
            )
            assert chunks
            assert {key for (key,) in terms} == set(chunks)
            english += chunks if stored.document.language == "en" else []
    index = open_generation(data, state_of(data).generation)
    assert index.keys.tolist() == sorted(english)
    assert verify.check(index.folder) is None


@contextmanager
def open_and_close(data: Path) -> Iterator:
    connection = open_catalogue(data)
    try:
        yield connection
    finally:
        connection.close()


def staged(data: Path) -> list[str]:
    with reading(data) as connection:
        return [stored.document.id for stored in stored_documents(connection, "staged")]


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_ingest_killed_at_any_moment_loses_nothing(shore, ingest_seconds, moment):
    reader = knowledge_base(shore.data)
    seen = [visible(reader, shore)]
    with child("ingest", shore.data, shore.notes) as process:
        deadline = time.monotonic() + moment * ingest_seconds
        while process.poll() is None and time.monotonic() < deadline:
            seen.append(visible(reader, shore))
        process.send_signal(signal.SIGKILL)
    seen.append(visible(reader, shore))
    assert process.returncode in (0, -signal.SIGKILL)
    assert seen == sorted(seen)
    assert set(seen) <= {0, len(NEW)}
    assert shore.texts == (shore.after if seen[-1] else shore.before)
    assert process.returncode != 0 or seen[-1]
    assert_whole(shore.data)
    assert_found(shore)
    assert is_well(examine_data(shore.data, HashEmbedder()))
    assert_next_ingest_completes(shore)


def assert_found(shore: Shore) -> None:
    """Check that a search for each document's title finds it."""
    kb = knowledge_base(shore.data)
    for document_id, language in shore.texts:
        of, _ = kb.document(document_id, language)
        assert document_id in {p.chunk.document_id for p in kb.search(of.title, language=language, limit=50)}


def assert_next_ingest_completes(shore: Shore) -> None:
    (shore.notes / "pilot.md").write_text(text_of("pilot"))
    outcomes = ingest(Workshop(shore.data, HashEmbedder()), [shore.notes])
    assert {outcome.what for outcome in outcomes} <= {"added", "changed", "unchanged"}
    assert shore.texts == {**shore.after, ("pilot", "en"): text_of("pilot")}
    assert staged(shore.data) == []
    assert_whole(shore.data)
    assert_found(shore)
    assert len(generations_in(shore.data)) <= 2
    assert {path.name for path in (shore.data / "originals").iterdir()} == {
        s.original for s in own(shore.data).values()
    }
    assert {path.name for path in shore.data.iterdir()} - {"writer.lock"} <= {
        *("index", "originals", FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm")
    }


@pytest.mark.slow
@pytest.mark.parametrize("moment", spread(6, seed=3))
def test_a_first_build_killed_at_any_moment_can_be_done_again(
    tmp_path, small_documents, build_seconds, moment, monkeypatch
):
    verify_here(monkeypatch)
    data = tmp_path / "first"
    with child("build", data, small_documents) as process:
        try:
            process.wait(moment * build_seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    try:
        texts = knowledge_base(data).status().texts
    except IndexMissingError:
        texts = None
    assert texts in (None, dict.fromkeys(LANGUAGES, 6))
    build(Workshop(data, HashEmbedder()), small_documents)
    assert knowledge_base(data).status().texts == dict.fromkeys(LANGUAGES, 6)
    assert_whole(data)

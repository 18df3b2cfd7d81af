"""Taking documents out and looking for what is left of them, byte by byte."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.analysis import stems
from kb.knowledge_base import KnowledgeBase
from kb.records import no_progress
from kb.settings import load_settings
from kb.store import erase
from kb.store.catalogue import listed_documents, read_state, reading, stored_documents
from kb.store.erase import Erased
from kb.store.generation import Generation, open_generation
from kb.store.publish import publish
from tests.conftest import ROOT, HashEmbedder
from tests.ingest.desk import take_in, workshop

TEXT, TITLE, HEADING, FILE = "qvxzblorting", "jwqktitulars", "zxqheadworders", "kjwxqfiles"
KEPT = "xvqkeepings"
"""Words that stand nowhere else, so that no other word shares more than a letter or two at the beginning of them."""

READER = """
import sys
import time
from pathlib import Path
from kb.store.catalogue import read_state, reading
from kb.store.generation import open_generation
what, data = sys.argv[1], Path(sys.argv[2])
with reading(data) as connection:
    index = open_generation(data, read_state(connection).generation)
    if what == "question":
        print("ready", flush=True)
        sys.stdin.read()
    index.hold()
if what == "index":
    print("ready", flush=True)
    sys.stdin.read()
"""
"""A reader in the middle of a question, or with an index open between two; it goes when its input ends."""


class Blurred(HashEmbedder):
    """Vectors of which no two have as much as their first numbers in common."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = super().embed(texts)
        for row, text in enumerate(texts):
            blur = np.random.default_rng(list(sha256(f"{self.id} {text}".encode()).digest())).normal(size=64)
            vectors[row] += 0.02 * blur
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors


def write_note(folder: Path, name: str, title: str, heading: str, word: str, length: int = 60) -> Path:
    """Write a note whose words lie on many pages of the catalogue, and return the file."""
    filler = [f"Paragraph {n} of {word} tells of the harbour in the year {1900 + n}." for n in range(length)]
    body = "\n\n".join([*filler, f"## The {heading}", f"The ferry sails when the {word} is over.", *filler])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.md"
    file.write_text(f"# A {title} of the sea\n\n{body}\n", encoding="utf-8")
    return file


def take_in_two(data: Path, notes: Path) -> None:
    """Take in a note that will be removed and one that stays."""
    write_note(notes, FILE, TITLE, HEADING, TEXT)
    write_note(notes, "harbour", KEPT, KEPT, KEPT)
    take_in(data, notes, embedder=Blurred())


def knowledge_base(data: Path, **given: str) -> KnowledgeBase:
    """Open the knowledge base as the app does."""
    return KnowledgeBase(load_settings(data=data, **given), Blurred())


def ids_of(data: Path) -> set[str]:
    with reading(data) as connection:
        return {s.document.id for s in stored_documents(connection)}


def take_out(data: Path, *ids: str, wait: float = 0.2, overwrite: bool = True) -> Erased:
    """Remove documents as `tillit remove` does; without ids, finish what another removal left."""
    shop = workshop(data, Blurred())
    with shop.writing() as connection:
        connection.execute(f"PRAGMA secure_delete = {overwrite}")
        chosen = [s for s in listed_documents(connection) if s.id in ids]
        if ids:
            erase.begin(connection, data, chosen)
            keys = [s.key for s in chosen]
            publish(connection, data, shop.embedder, shop.window.version, keys, no_progress, anew=True)
        return erase.erase(connection, data, wait)


@dataclass(frozen=True)
class Traces:
    """What of a document can be recognised among bytes: words, their stems, and its chunks' vectors."""

    words: tuple[str, ...]
    vectors: tuple[bytes, ...]

    def within(self, data: Path) -> dict[str, set[str]]:
        """Return what of it lies in which file below a folder, or in its name."""
        found: dict[str, set[str]] = {}
        for file in (path for path in data.rglob("*") if path.is_file()):
            for what in self._in(file):
                found.setdefault(what, set()).add(file.relative_to(data).as_posix())
        return found

    def _in(self, file: Path) -> Iterator[str]:
        content = file.read_bytes()
        folded = content.lower()
        for word in self.words:
            # A term table leaves out what a word has in common with the one before it.
            for known in {word[2:], *(stem[2:] for stem in stems(word, "en"))}:
                codes = ("utf-8", "utf-16-le", "utf-16-be")
                if known in file.name.lower() or any(known.encode(code) in folded for code in codes):
                    yield word
        if any(vector[:32] in content for vector in self.vectors):
            yield "vectors"


def traces_of(data: Path, document_id: str, *words: str) -> Traces:
    """Return what can be recognised of a document that is there."""
    with reading(data) as connection:
        rows = connection.execute(
            "SELECT e.vector FROM chunks c JOIN documents d ON d.key = c.document "
            "JOIN embeddings e ON e.text_sha256 = c.embedded WHERE d.id = ?",
            (document_id,),
        ).fetchall()
    assert rows
    return Traces(words, tuple(vector for (vector,) in rows))


def whereabouts(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the same with the names of the files alone."""
    return {what: {Path(file).name for file in files} for what, files in found.items()}


@contextmanager
def question_in_this_process(data: Path) -> Iterator[None]:
    with reading(data) as connection:
        read_state(connection)
        yield


@contextmanager
def index_in_this_process(data: Path) -> Iterator[None]:
    index = current(data)
    index.hold()
    yield
    del index


def current(data: Path) -> Generation:
    with reading(data) as connection:
        state = read_state(connection)
    assert state is not None
    return open_generation(data, state.generation or "")


@contextmanager
def reader_process(what: str, data: Path) -> Iterator[None]:
    """Keep a reader in a process of its own: in a question, or with an index open."""
    command = [sys.executable, "-c", READER, what, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
        process.communicate()


def lets_go_of(folder: Path) -> bool:
    """Tell whether this process has no file below a folder open any more; Chroma closes its database a moment later."""
    deadline = time.monotonic() + 30
    while files_open_in(folder) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not files_open_in(folder)


def files_open_in(folder: Path) -> set[str]:
    """Return the names of the files below a folder that this process has open; some may close meanwhile."""
    names = set()
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            target = link.readlink()
            names |= {target.name} if folder in target.parents else set()
    return names

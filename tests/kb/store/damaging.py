"""Damage done to a data folder by hand, and what was there before, for tests of the doctor."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.store.catalogue import FILE_NAME
from kb.store.checks.finding import Finding
from kb.store.doctor import Surroundings, examine
from kb.store.repair import repair
from kb.store.restore import Restored, restore
from tests.conftest import HashEmbedder
from tests.kb.store.writing import CHUNKER
from tests.stored import state_of

NOTES = {
    "ferry.md": "# The ferry\n\nThe ferry sails to the island at dawn.\n\nIt carries the mail and the milk.\n",
    "lighthouse.txt": "The lighthouse is kept by two sisters, who take turns.\n",
    "færgen.md": "# Færgen\n\nFærgen sejler til øen ved daggry, og den er aldrig for sent på den.\n",
}
REPAIR = "Mend it with: tillit doctor --repair"
BUILD = "Mend it with: tillit build"
BOTH = "Mend it with: tillit doctor --repair, then: tillit build"
QUESTIONS = ("ferry island dawn", "lawns on Bornholm", "home care nurses", "færgen øen", "trust must be deserved")
AROUND = Surroundings(HashEmbedder, lambda: CHUNKER, lambda: "3.0")


class Wordless(HashEmbedder):
    """The tests' model, of which nothing may be asked: repairs embed nothing."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError(texts)


def mend(data: Path, lock_seconds: float = 0.0) -> list[str]:
    return repair(data, Surroundings(Wordless, AROUND.chunker), lock_seconds)


def taken_back(file: Path, data: Path, force: bool = True) -> Restored:
    """Restore a backup, with the tests' model."""
    return restore(data, file, AROUND, 0, force)


def siblings(data: Path) -> set[str]:
    """Return the names of what lies beside a data folder, its own among them."""
    return {path.name for path in data.parent.iterdir()}


def examined(data: Path, around: Surroundings = AROUND) -> list[Finding]:
    return examine(data, around)


def faults(data: Path, around: Surroundings = AROUND) -> list[tuple[str, str, str]]:
    """Return check, message and advice of what is wrong."""
    return [(f.check, f.message, f.advice) for f in examined(data, around) if f.verdict == "wrong"]


def notes(data: Path) -> list[tuple[str, str]]:
    """Return check and message of what is worth knowing, without the room on this machine's disk."""
    return [(f.check, f.message) for f in examined(data) if f.verdict == "note" and f.check != "disk"]


def searched(data: Path) -> list[tuple[str, str, int, float]]:
    """Return what a fresh reader finds for some questions."""
    kb = KnowledgeBase(load_settings(data=data), HashEmbedder())
    found = (passage for question in QUESTIONS for passage in kb.search(question))
    return [(p.chunk.document_id, p.chunk.language, p.chunk.start, round(p.score, 9)) for p in found]


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file but the log that SQLite's readers keep, and every folder."""
    paths = [path for path in sorted(folder.rglob("*")) if not path.name.endswith(("-wal", "-shm"))]
    return {str(p.relative_to(folder)): "" if p.is_dir() else digest(p.read_bytes()) for p in paths}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sql(data: Path, *statements: str) -> None:
    """Change the catalogue with nobody looking on."""
    with closing(sqlite3.connect(data / FILE_NAME, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def one(data: Path, query: str) -> object:
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        return connection.execute(query).fetchone()[0]


def index_of(data: Path) -> Path:
    """Return the folder of the current generation."""
    return data / "index" / str(state_of(data).generation)


def flip(file: Path, place: int) -> None:
    """Flip a bit of a file."""
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def original_of(data: Path, name: str) -> Path:
    return data / "originals" / str(one(data, f"SELECT original FROM documents WHERE id = '{name}'"))


def cut(file: Path, part: float = 0.5) -> None:
    """Cut off the end of a file."""
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * part)])


def refuse_lock_file(data: Path) -> None:
    """Let SQLite have no lock file beside the catalogue, as in a folder where nothing can be written."""
    for suffix in ("-wal", "-shm"):
        (data / f"{FILE_NAME}{suffix}").unlink(missing_ok=True)
    (data / f"{FILE_NAME}-shm").symlink_to(data / "no such folder" / "file")


# The index -------------------------------------------------------------------------------------


def delete_generation(data: Path) -> None:
    shutil.rmtree(index_of(data))


def delete_vectors(data: Path) -> None:
    (index_of(data) / "vectors.npy").unlink()


def cut_vectors(data: Path) -> None:
    cut(index_of(data) / "vectors.npy")


def flip_vectors(data: Path) -> None:
    flip(index_of(data) / "vectors.npy", -2)


def garble_keys(data: Path) -> None:
    (index_of(data) / "keys.npy").write_bytes(b"not an array")


def drop_key(data: Path) -> None:
    file = index_of(data) / "keys.npy"
    np.save(file, np.load(file)[:-1])


def garble_languages(data: Path) -> None:
    file = index_of(data) / "languages.npy"
    np.save(file, np.full(len(np.load(file)), "xx"))


def cut_moments(data: Path) -> None:
    cut(index_of(data) / "moments.npz")


def other_moments(data: Path) -> None:
    np.savez(index_of(data) / "moments.npz", mean_en=np.zeros(3), cov_en=np.zeros((3, 3)))


def delete_manifest(data: Path) -> None:
    (index_of(data) / "manifest.json").unlink()


def other_manifest(data: Path) -> None:
    file = index_of(data) / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "model": "other/1"}))


def zero_manifest(data: Path) -> None:
    file = index_of(data) / "manifest.json"
    file.write_bytes(bytes(file.stat().st_size))


# Chroma ----------------------------------------------------------------------------------------


def cut_chroma(data: Path) -> None:
    cut(index_of(data) / "chroma" / "chroma.sqlite3")


def zero_chroma(data: Path) -> None:
    file = index_of(data) / "chroma" / "chroma.sqlite3"
    file.write_bytes(bytes(file.stat().st_size))


def delete_chroma(data: Path) -> None:
    shutil.rmtree(index_of(data) / "chroma")


def garble_graph(data: Path) -> None:
    for file in (index_of(data) / "chroma").glob("*/*"):
        file.write_bytes(b"\xff" * (file.stat().st_size // 2))

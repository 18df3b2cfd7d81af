"""What tests of storing share: writing files, looking into a data folder, another model, quick verifying."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.sources import slug
from kb.questions import questions_path
from kb.shipped import SourceFile
from kb.store import generation, verify
from kb.store.catalogue import State, StoredDocument, read_state, reading, stored_documents
from kb.vocabulary import LANGUAGES
from tests.conftest import HashEmbedder

BODY = "The ferry sails to the island at dawn."


class Turned(HashEmbedder):
    """Another model: its vectors point the other way."""

    def __init__(self) -> None:
        super().__init__("turned")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return -super().embed(texts)


class Polyglot(HashEmbedder):
    """A model that reads our four languages."""

    def __init__(self, *languages: str) -> None:
        super().__init__("polyglot")
        self.languages = languages or LANGUAGES

    def reads(self, language: str) -> bool:
        return language in self.languages


def write(folder: Path, *names: str, text: str | None = None) -> Path:
    """Write files of one text below a folder and return the folder; without a text, each says its name at its end."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text or f"# Note\n\n{BODY}\n\nSee {slug(name)}.\n", encoding="utf-8")
    return folder


def write_questions(documents: Path, kind: str, document_id: str, *rows: str, stamp: str | None = None) -> Path:
    """Write what the blocks of a shipped document answer, a row each, and return the file.

    The stamp is that of the English text as it lies there, if no other is given.
    """
    path = questions_path(documents, kind, document_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = stamp or SourceFile.read(documents / "en" / kind / f"{document_id}.md", "en").stamp
    lines = (f"# english {stamp}", "\t".join(("blocks", *LANGUAGES)), *rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def live(data: Path) -> dict[tuple[str, str], StoredDocument]:
    """Return the live documents by id and language."""
    with reading(data) as connection:
        return {(s.document.id, s.document.language): s for s in stored_documents(connection)}


def own(data: Path) -> dict[str, StoredDocument]:
    """Return the user's own live documents by id."""
    return {key: stored for (key, _), stored in live(data).items() if stored.origin == "own"}


def state_of(data: Path) -> State:
    """Return the commit point."""
    with reading(data) as connection:
        state = read_state(connection)
    assert state is not None
    return state


def generations_in(data: Path) -> set[str]:
    """Return the names of the index generations on disk."""
    return {path.name for path in (data / "index").iterdir()}


def probe_by(monkeypatch: pytest.MonkeyPatch, check: Callable[[Path], str | None]) -> None:
    """Let generations be opened by a function, not by a child process."""
    monkeypatch.setattr(generation, "Probe", lambda: nullcontext(SimpleNamespace(open=check)))


def verify_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify generations in this process, not in a child of 1.5 seconds, and do not wait for the disk.

    `test_generation` tests both, `test_faults` kills a writer that does both.
    """
    probe_by(monkeypatch, verify.check)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)

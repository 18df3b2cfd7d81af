"""Whoever reads sees what another process has finished at its next question, and never half of it.

The reader is one knowledge base that is kept open, as the running app keeps it; the writer is a process of its own.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from streamlit.testing.v1 import AppTest

from app import state
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from tests.conftest import ROOT, HashEmbedder
from tests.stored import write

WRITER = """
import sys
from pathlib import Path
from ingest.intake import ingest
from ingest.service import Workshop, build, remove
from tests.conftest import HashEmbedder

workshop = Workshop(Path(sys.argv[1]), HashEmbedder())
steps = {
    "ingest": lambda *paths: ingest(workshop, [Path(path) for path in paths]),
    "prune": lambda *paths: ingest(workshop, [Path(path) for path in paths], prune=True),
    "remove": lambda *ids: remove(workshop, list(ids)),
    "build": lambda folder: build(workshop, Path(folder)),
}
for line in sys.stdin:
    what, *given = line.split()
    steps[what](*given)
    print("done", flush=True)
"""

FERRIES = tuple(f"ferry-{number:02}" for number in range(8))
QUESTION = "When does the ferry sail to the island?"


class Seen(NamedTuple):
    """What one reader was told at one moment."""

    texts: frozenset[tuple[str, str]]
    answer: str
    fingerprint: str
    directory: tuple[str, ...]


def look(kb: KnowledgeBase) -> list[Seen]:
    """Return what a search and an answer tell, each of a moment of its own, in that order."""
    passages = frozenset((p.chunk.document_id, p.chunk.text) for p in kb.search(QUESTION, limit=100))
    answer = kb.ask(QUESTION)
    directory = tuple(f"{entry.id}/{entry.language}" for entry in kb.entries())
    return [
        Seen(passages, "", "", ()),
        Seen(frozenset(), answer.text, answer.fingerprint, ()),
        Seen(frozenset(), "", "", directory),
    ]


def told(name: str, hour: str) -> str:
    paragraphs = [f"The {name} sails to the island at {hour} from the {pier} pier." for pier in ("north", "south")]
    return "\n\n".join([f"# The {name}", *paragraphs, f"## Fare\n\nThe {name} that sails at {hour} is free."])


class Harbour:
    """A data folder, its reader, and a writer in another process that does one thing after the other."""

    def __init__(self, data: Path, documents: Path, writer: subprocess.Popen[str]) -> None:
        self.data, self.notes, self.documents, self.writer = data, data.parent / "notes", documents, writer
        self.kb = KnowledgeBase(load_settings(data=data), HashEmbedder())

    def write(self, hour: str, *names: str) -> None:
        for name in names:
            write(self.notes, f"{name}.md", text=told(name, hour))

    def watch(self, step: str) -> None:
        """Let the writer do something and look on; check that all that is seen is of before or of after."""
        before = look(self.kb)
        assert self.writer.stdin is not None
        assert self.writer.stdout is not None
        self.writer.stdin.write(f"{step}\n")
        self.writer.stdin.flush()
        seen = [before]
        while not select.select([self.writer.stdout], [], [], 0)[0]:
            seen.append(look(self.kb))
        assert self.writer.stdout.readline() == "done\n"
        after = look(self.kb)
        assert before != after == look(KnowledgeBase(load_settings(data=self.data), HashEmbedder()))
        for old, new, moments in zip(before, after, zip(*seen, strict=True), strict=True):
            assert set(moments) <= {old, new}
            assert sorted(moments, key=[old, new].index) == list(moments)


@pytest.fixture
def harbour(small_data: Path, small_documents: Path) -> Iterator[Harbour]:
    command = [sys.executable, "-c", WRITER, str(small_data)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as writer:
        yield Harbour(small_data, small_documents, writer)
        assert writer.stdin is not None
        writer.stdin.close()
        assert writer.wait(timeout=60) == 0


@pytest.mark.slow
def test_what_another_process_finishes_is_seen_wholly_at_the_next_question(harbour, plain_weights):
    harbour.write("dawn", *FERRIES)
    harbour.watch(f"ingest {harbour.notes}")
    harbour.write("noon", *FERRIES[:6])
    harbour.watch(f"ingest {harbour.notes}")
    harbour.watch(f"remove {FERRIES[0]} {FERRIES[7]}")
    for name in FERRIES[1:3]:
        (harbour.notes / f"{name}.md").unlink()
    (harbour.notes / f"{FERRIES[0]}.md").unlink()
    harbour.watch(f"prune {harbour.notes}")
    fewer = shutil.copytree(harbour.documents, harbour.data.parent / "fewer")
    for file in fewer.glob("*/case/*.md"):
        file.unlink()
    harbour.watch(f"build {fewer}")


@pytest.mark.slow
def test_the_running_app_answers_from_what_another_process_has_taken_in(harbour, plain_weights, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: harbour.kb)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "ask.py"), default_timeout=30).run()
    assert "at dawn" not in answered(page)
    harbour.write("dawn", *FERRIES)
    harbour.watch(f"ingest {harbour.notes}")
    assert "at dawn" in answered(page)
    harbour.watch(f"remove {' '.join(FERRIES)}")
    assert "at dawn" not in answered(page)


def answered(page: AppTest) -> str:
    """Ask on the page and return what the answer shows."""
    page.chat_input[0].set_value(QUESTION).run()
    assert not page.exception
    return "\n".join(element.proto.body for element in page.chat_message[-1].get("html"))

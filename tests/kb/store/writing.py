"""Writing to a catalogue by hand, for tests of staging and publishing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ingest.chunking import VERSION, Window, chunk_group
from kb.blocks import parse_blocks
from kb.knowledge_base import KnowledgeBase
from kb.records import Document, no_progress
from kb.settings import load_settings
from kb.shipped import sha256_of
from kb.store.catalogue import open_catalogue, reading
from kb.store.publish import publish as publish_staged
from kb.store.terms import TERMS_VERSION
from kb.store.writer import Place, Prepared, stage
from tests.conftest import HashEmbedder
from tests.stored import BODY, live

CHUNKER = f"{VERSION}/{TERMS_VERSION}/256/hash/64"


def document(document_id: str = "ferry", text: str = BODY, language: str = "en", title: str = "Ferry") -> Document:
    return Document(
        id=document_id,
        language=language,
        title=title,
        text=text,
        sha256=sha256_of(text),
        kind="unknown",
        evidence="unknown",
        stance="unknown",
        text_by="source",
    )


def prepared(given: Document, origin: str = "own") -> Prepared:
    embedder = HashEmbedder()
    blocks = parse_blocks(given.text)
    (chunks,) = chunk_group([(given, blocks)], Window(embedder.count_tokens, embedder.window, embedder.id))
    return Prepared(given, blocks, chunks, origin, CHUNKER, Place(f"{given.id}.md", "/notes", "original.md", "source"))


@contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_catalogue(data)) as connection:
        yield connection


def publish(data: Path, *items: Prepared, retired: tuple[int, ...] = (), embedder: HashEmbedder | None = None) -> None:
    with writing(data) as connection:
        stage(connection, items)
        publish_staged(connection, data, embedder or HashEmbedder(), CHUNKER, retired, no_progress)


def ids(data: Path) -> set[tuple[str, str]]:
    return set(live(data))


def found(data: Path, question: str) -> list[str]:
    """Return the ids of the documents that a fresh reader finds, best first."""
    kb = KnowledgeBase(load_settings(data=data), HashEmbedder())
    return [passage.chunk.document_id for passage in kb.search(question)]


def count(data: Path, query: str, *values: object) -> int:
    with reading(data) as connection:
        return int(connection.execute(query, values).fetchone()[0])

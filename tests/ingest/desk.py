"""Building and ingesting as a user would, in short words."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.intake import ingest
from ingest.service import Workshop
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.store.catalogue import read_chunks, reading
from kb.store.writer import text_to_embed
from tests.conftest import HashEmbedder
from tests.stored import live

BUURTZORG = "int-nl-buurtzorg"
LINES = ("The ferry to the island sails at dawn.", "It carries the mail and the milk, and the children to school.")


def workshop(data: Path, embedder: HashEmbedder | None = None, **given: Any) -> Workshop:
    return Workshop(data, embedder or HashEmbedder(), **given)


def take_in(data: Path, *paths: Path, embedder: HashEmbedder | None = None, **given: Any) -> list[tuple[str, str, str]]:
    """Ingest and return (what, id, path) of each outcome."""
    outcomes = ingest(workshop(data, embedder), list(paths), **given)
    return [(outcome.what, outcome.document_id, outcome.path) for outcome in outcomes]


def knowledge_base(data: Path) -> KnowledgeBase:
    return KnowledgeBase(load_settings(data=data), HashEmbedder())


def first_found(data: Path, question: str) -> str:
    return knowledge_base(data).search(question)[0].chunk.document_id


def chunk_texts(data: Path, document_id: str) -> list[str]:
    with reading(data) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM chunks ORDER BY key")]
        chunks = read_chunks(connection, keys)
    return [chunks[key].text for key in keys if chunks[key].document_id == document_id]


def embedded_texts(data: Path) -> list[str]:
    """Return what is embedded of each English chunk, by key."""
    stored = live(data)
    with reading(data) as connection:
        chunks = read_chunks(connection, [key for (key,) in connection.execute("SELECT key FROM chunks")])
    english = [chunk for _, chunk in sorted(chunks.items()) if chunk.language == "en"]
    return [text_to_embed(stored[chunk.document_id, "en"].document, chunk) for chunk in english]


def originals(data: Path) -> set[str]:
    return {path.name for path in (data / "originals").iterdir()}


def hash_of(content: str | bytes) -> str:
    return sha256(content.encode() if isinstance(content, str) else content).hexdigest()

"""Staging: documents are stored, invisible to readers, until `kb.store.publish` makes them live.

Whatever is killed before that leaves no trace but staged rows, which the next writer drops.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path

from kb.fingerprint import document_digest
from kb.records import Block, Chunk, Document, SourcePage
from kb.store.catalogue import document_to_json
from kb.store.faults import folder_error

log = logging.getLogger(__name__)
CONTEXT_LENGTH = 160
"""How much of a title and of a heading path is embedded with a chunk, so that the text itself has room."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user's own document came from.

    Its path below a folder, its name under originals/, and the hash of all that it was made from.
    """

    path: str | None = None
    folder: str | None = None
    original: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be stored: blocks, chunks, and where it came from."""

    document: Document
    blocks: tuple[Block, ...]
    chunks: tuple[Chunk, ...]
    origin: str
    chunker: str
    place: Place = Place()
    raw: tuple[SourcePage, ...] = ()


def text_to_embed(document: Document, chunk: Chunk) -> str:
    """Return what is embedded of a chunk: title, heading path and text."""
    path = " › ".join(heading for heading in chunk.headings if heading != document.title)
    return "\n".join(part for part in (document.title[:CONTEXT_LENGTH], path[-CONTEXT_LENGTH:], chunk.text) if part)


def block_to_embed(document: Document, blocks: Sequence[Block], block: Block) -> str:
    """Return what is embedded of a block: title, the line that leads it in, text."""
    lead = [blocks[block.lead]] if block.lead is not None else []
    return "\n".join([document.title[:CONTEXT_LENGTH], *(document.text[b.start : b.end] for b in (*lead, block))])


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one write transaction. Raises `DataFolderError` where that cannot be written."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise folder_error(_folder_of(connection), error) from None
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _folder_of(connection: sqlite3.Connection) -> Path:
    """Return the folder in which the catalogue lies."""
    return Path(connection.execute("PRAGMA database_list").fetchone()[2]).parent


def note_move(connection: sqlite3.Connection, key: int, folder: str) -> None:
    """Note that the folder that a document was taken from lies elsewhere now."""
    with transaction(connection):
        connection.execute("UPDATE documents SET folder = ? WHERE key = ?", (folder, key))


def drop_staged(connection: sqlite3.Connection, kept: Collection[int] = ()) -> None:
    """Drop what an interrupted run left behind, but for the keys in `kept`; embeddings already made are kept."""
    with transaction(connection):
        staged = connection.execute("SELECT key FROM documents WHERE state = 'staged'").fetchall()
        gone = [(key,) for (key,) in staged if key not in kept]
        connection.executemany("DELETE FROM documents WHERE key = ?", gone)


def stage(connection: sqlite3.Connection, prepared: Iterable[Prepared]) -> None:
    """Store documents, invisible to readers until they are published."""
    with transaction(connection):
        for item in prepared:
            _stage_one(connection, item)


def _stage_one(connection: sqlite3.Connection, item: Prepared) -> None:
    document = item.document
    connection.execute(
        "DELETE FROM documents WHERE id = ? AND language = ? AND state = 'staged'", (document.id, document.language)
    )
    key = connection.execute(
        "INSERT INTO documents (state, origin, id, language, digest, chunker, record, text, path, folder, original, "
        "source) VALUES ('staged', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            item.origin,
            document.id,
            document.language,
            document_digest(document, item.origin),
            item.chunker,
            document_to_json(document),
            document.text,
            item.place.path,
            item.place.folder,
            item.place.original,
            item.place.source,
        ),
    ).lastrowid
    connection.executemany(
        "INSERT INTO source_pages VALUES (?, ?, ?, ?)",
        [(key, page.number, page.text, json.dumps([astuple(line) for line in page.lines])) for page in item.raw],
    )
    connection.executemany(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (key, block.number, block.kind, block.start, block.end, block.level, json.dumps(block.headings), block.lead)
            for block in item.blocks
        ],
    )
    connection.executemany(
        'INSERT INTO chunks (document, block_first, block_last, "start", "end", headings, embedded) '
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                key,
                chunk.block_first,
                chunk.block_last,
                chunk.start,
                chunk.end,
                json.dumps(chunk.headings),
                sha256(text_to_embed(document, chunk).encode()).hexdigest(),
            )
            for chunk in item.chunks
        ],
    )

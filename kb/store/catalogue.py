"""The catalogue: one SQLite database that holds all that is known.

This module opens it, migrates it and reads from it; `kb.store.writer` changes it. Readers use
WAL snapshots and never wait for a writer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from kb.errors import CatalogueError, DataFolderError, IndexMissingError
from kb.records import Block, BlockQuestion, Chunk, Document, Page
from kb.store.faults import folder_error, is_refused

FILE_NAME = "catalogue.sqlite3"
TERM_LANGUAGES = ("en", "da", "nb", "sv")
"""The languages that have an FTS5 table of their own; texts in others lie in the English one."""


def term_language(language: str) -> str:
    """Return the language whose table holds texts of a language: its own, or English for others."""
    return language if language in TERM_LANGUAGES else "en"


def _script(name: str, connection: sqlite3.Connection) -> None:
    """Run a file of statements, one at a time: `executescript` would end the open transaction."""
    for statement in files("kb.store").joinpath(name).read_text(encoding="utf-8").split(";\n"):
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    partial(_script, "schema.sql"),
    partial(_script, "schema-2.sql"),
    partial(_script, "schema-3.sql"),
)
"""Step n brings a catalogue from version n to n + 1; none is ever changed after a release."""


@dataclass(frozen=True, slots=True)
class State:
    """The commit point: what readers see."""

    generation: str | None
    model: str | None
    corpus: str
    fingerprint: str
    updated: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it lies in the catalogue."""

    key: int
    origin: str
    digest: str
    chunker: str
    document: Document
    path: str | None
    folder: str | None
    original: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a document is and where it came from, without what it says."""

    key: int
    origin: str
    id: str
    path: str | None
    folder: str | None
    original: str | None
    source: str | None


def open_catalogue(data: Path) -> sqlite3.Connection:
    """Open the catalogue under `data` for writing, creating or migrating it as needed.

    Raises `DataFolderError` or `CatalogueError`. Transactions are begun explicitly.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        connection = _connect(f"file:{_uri(data / FILE_NAME)}")
    except (OSError, sqlite3.OperationalError) as error:
        raise folder_error(data, error) from None
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        _migrate(connection, data)
    except sqlite3.Error as error:
        connection.close()
        raise folder_error(data, error) from None
    except CatalogueError:
        connection.close()
        raise
    return connection


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection inside one read transaction: everything read is of one moment.

    Raises `IndexMissingError` where nothing has been built.
    """
    path = data / FILE_NAME
    if not path.exists():
        raise IndexMissingError(data)
    try:
        connection, alone = _open_to_read(path)
        before = path.stat().st_mtime_ns if alone else None
    except (OSError, sqlite3.Error) as error:
        raise folder_error(data, error) from None
    try:
        connection.execute("BEGIN")
        if _version(connection) == 0:
            raise IndexMissingError(data)
        _refuse_newer(connection, data)
        if _version(connection) < len(MIGRATIONS):
            raise CatalogueError(
                f"The catalogue in {data} is an older Tillit's. Bring it up to date with: tillit build"
            )
        yield connection
        _refuse_changed(path, before)
    except sqlite3.DatabaseError as error:
        _refuse_changed(path, before)
        raise folder_error(data, error) from None
    finally:
        connection.close()


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a database for reading only, also where SQLite cannot have its lock file. Raises `sqlite3.Error`."""
    return _open_to_read(path)[0]


def _open_to_read(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open a database for reading only, and tell whether that is without SQLite's lock file.

    It cannot be made where nothing can be written. There the database is read as it lies, if no log stands beside it.
    """
    connection = _connect(f"file:{_uri(path)}?mode=ro")
    try:
        _version(connection)
    except sqlite3.Error as error:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if not (is_refused(error) and path.is_file()) or (log.is_file() and log.stat().st_size):
            raise
        return _connect(f"file:{_uri(path)}?mode=ro&immutable=1"), True
    return connection, False


def _refuse_changed(path: Path, before: int | None) -> None:
    """Raise `DataFolderError` where a file that was read without a lock is not of the time `before` any more."""
    if before is not None and path.stat().st_mtime_ns != before:
        raise DataFolderError(f"The catalogue in {path.parent} was changed while it was read. Try again.")


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)


def _uri(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(connection: sqlite3.Connection, data: Path) -> None:
    if _version(connection) > len(MIGRATIONS):
        raise CatalogueError(f"The catalogue in {data} was written by a newer Tillit. Upgrade Tillit to open it.")


def _migrate(connection: sqlite3.Connection, data: Path) -> None:
    _refuse_newer(connection, data)
    for number, step in enumerate(MIGRATIONS[_version(connection) :], _version(connection) + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < number:
                step(connection)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


# Reading ---------------------------------------------------------------------------------------


def read_state(connection: sqlite3.Connection) -> State | None:
    """Return the commit point, or None before the first commit."""
    row = connection.execute("SELECT generation, model, corpus, fingerprint, updated FROM state").fetchone()
    return State(*row) if row else None


_DOCUMENT = "SELECT key, origin, digest, chunker, record, text, path, folder, original, source FROM documents"


def stored_documents(connection: sqlite3.Connection, state: str = "live") -> Iterator[StoredDocument]:
    """Yield the documents of one state, by id and language."""
    for row in connection.execute(f"{_DOCUMENT} WHERE state = ? ORDER BY id, language", (state,)):
        yield _stored(row)


def listed_documents(connection: sqlite3.Connection, state: str = "live") -> list[Listed]:
    """Return the documents of one state, by id and language."""
    rows = connection.execute(
        "SELECT key, origin, id, path, folder, original, source FROM documents WHERE state = ? ORDER BY id, language",
        (state,),
    )
    return [Listed(*row) for row in rows]


def live_document(connection: sqlite3.Connection, document_id: str, language: str) -> StoredDocument:
    """Return the live document that a chunk or citation is of; raises `CatalogueError` where it is not there."""
    stored = find_document(connection, document_id, language)
    if stored is None:
        raise CatalogueError(
            f"The catalogue has no text of '{document_id}' in '{language}'. Mend it with: tillit build"
        )
    return stored


def find_document(connection: sqlite3.Connection, document_id: str, language: str) -> StoredDocument | None:
    """Return the live document of that id and language, or None."""
    row = connection.execute(
        f"{_DOCUMENT} WHERE id = ? AND language = ? AND state = 'live'", (document_id, language)
    ).fetchone()
    return _stored(row) if row else None


def languages_of(connection: sqlite3.Connection, document_id: str) -> list[str]:
    """Return the languages in which a document is live, sorted."""
    rows = connection.execute(
        "SELECT language FROM documents WHERE id = ? AND state = 'live' ORDER BY language", (document_id,)
    )
    return [str(language) for (language,) in rows]


def _stored(row: tuple[Any, ...]) -> StoredDocument:
    key, origin, digest, chunker, record, text, *place = row
    return StoredDocument(key, origin, digest, chunker, document_from_json(record, text), *place)


def document_to_json(document: Document) -> str:
    """Return all of a document but its text as JSON."""
    fields = {name: getattr(document, name) for name in document.__slots__ if name != "text"}
    fields["pages"] = [astuple(page) for page in document.pages]
    fields["block_questions"] = [astuple(question) for question in document.block_questions]
    return json.dumps(fields, ensure_ascii=False)


def document_from_json(record: str, text: str) -> Document:
    """Return the document that `document_to_json` wrote."""
    fields = json.loads(record)
    for name in ("sectors", "themes", "questions", "guessed"):
        fields[name] = tuple(fields[name])
    fields["pages"] = tuple(Page(*page) for page in fields["pages"])
    fields["block_questions"] = tuple(BlockQuestion(*each) for each in fields.get("block_questions", ()))
    return Document(text=text, **fields)


_BLOCK = 'SELECT document, number, kind, "start", "end", level, headings, lead FROM blocks'


def read_blocks(connection: sqlite3.Connection, key: int) -> tuple[Block, ...]:
    """Return the blocks of the document with that key, in order."""
    return tuple(_block(row) for row in connection.execute(f"{_BLOCK} WHERE document = ? ORDER BY number", (key,)))


def read_all_blocks(connection: sqlite3.Connection) -> dict[int, tuple[Block, ...]]:
    """Return the blocks of all live documents by their keys, in order."""
    rows = connection.execute(
        f"{_BLOCK} WHERE document IN (SELECT key FROM documents WHERE state = 'live') ORDER BY document, number"
    )
    return {key: tuple(map(_block, group)) for key, group in groupby(rows, key=itemgetter(0))}


def _block(row: tuple[Any, ...]) -> Block:
    _, number, kind, start, end, level, headings, lead = row
    return Block(number, kind, start, end, level, tuple(json.loads(headings)), lead)


def read_chunks(connection: sqlite3.Connection, keys: list[int]) -> dict[int, Chunk]:
    """Return chunks by key."""
    found: dict[int, Chunk] = {}
    for first in range(0, len(keys), 500):
        part = keys[first : first + 500]
        rows = connection.execute(
            'SELECT c.key, d.id, d.language, c.block_first, c.block_last, c."start", c."end", '
            'substr(d.text, c."start" + 1, c."end" - c."start"), c.headings '
            f"FROM chunks c JOIN documents d ON d.key = c.document WHERE c.key IN ({','.join('?' * len(part))})",
            part,
        )
        for key, document_id, language, block_first, block_last, start, end, text, headings in rows:
            path = tuple(json.loads(headings))
            found[key] = Chunk(document_id, language, block_first, block_last, start, end, text, path)
    return found

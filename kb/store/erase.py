"""Erasing: after a publication took documents out, nothing of them stays in the data folder.

Deleted rows leave their bytes behind: in SQLite's free pages and its log, in the term tables, whose older segments and
marks of deletion keep the words, in Chroma's files and in the index before. So vectors that no document needs are
deleted, the terms are built anew, the catalogue is rewritten, its log cut, and older indexes are deleted. The current
one must have been made from the catalogue alone (`publish(…, anew=True)`): a copy carries Chroma's remains along.

Feedback of visitors no longer names what is gone; what they asked stays until its own time is over.

Every step can be done again: what was killed or kept from ending, the next erasure finishes. Files are deleted, not
overwritten: file systems that copy on write, and disks that spread what is written, keep the old blocks anyway.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.activity.store import forget_documents
from kb.errors import DataFolderError, KBError
from kb.store.catalogue import TERM_LANGUAGES, Listed, read_state
from kb.store.embeddings import forget_unneeded
from kb.store.faults import folder_error
from kb.store.generation import INDEX_FOLDER, sweep
from kb.store.swap import kept_folder
from kb.store.terms import terms_table
from kb.store.writer import transaction

PENDING = "erasure.pending"
"""A file that lies in the data folder from before documents are taken out until nothing of them is left."""
WAIT_SECONDS = 3.0
"""How long all waiting for readers may take."""
FINISHED_BY = "The next `tillit remove` or `tillit doctor --repair` finishes it."
BACKUPS = "Backups and copies that were made before still hold it: they are out of Tillit's reach."


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of an erasure."""

    left: tuple[str, ...] = ()
    """What is still on the disk, and why."""
    replaced: Path | None = None
    """Where what a restore replaced is kept, if it is."""

    @property
    def messages(self) -> tuple[str, ...]:
        """Return what a user has to know, a sentence or two each."""
        left = f"Not all is erased yet: {'; '.join(self.left)}. {FINISHED_BY}" if self.left else ""
        kept = f"{self.replaced} is what a restore replaced and may hold it too. Delete it." if self.replaced else ""
        return tuple(message for message in (left, kept, BACKUPS) if message)


def begin(connection: sqlite3.Connection, data: Path, removed: Sequence[Listed]) -> None:
    """Note that an erasure is due, and forget what the journal says of these documents; before they are taken out.

    Raises `DataFolderError`.
    """
    try:
        (data / PENDING).touch()
    except OSError as error:
        raise folder_error(data, error) from None
    with transaction(connection):
        connection.execute("DELETE FROM runs WHERE ended IS NOT NULL")
        for table in ("journal", "quarantine"):
            connection.executemany(f"DELETE FROM {table} WHERE id = ?", [(s.id,) for s in removed])
        _forget_requests(connection, {str(Path(s.folder or "") / (s.path or "")) for s in removed})


def _forget_requests(connection: sqlite3.Connection, files: Collection[str]) -> None:
    """Take files out of what was asked for: named one by one, they stand there beside others that failed."""
    for table, key in (("runs", "key"), ("quarantine", "file")):
        for row, text in connection.execute(f"SELECT {key}, request FROM {table}").fetchall():
            request = json.loads(text)
            asked = request.get("paths", [])
            kept = [path for path in asked if path not in files]
            if kept != asked:
                changed = json.dumps({**request, "paths": kept}, sort_keys=True)
                connection.execute(f"UPDATE {table} SET request = ? WHERE {key} = ?", (changed, row))


def pending(data: Path) -> bool:
    """Tell whether an erasure was begun and something may be left."""
    return (data / PENDING).exists()


def erase(connection: sqlite3.Connection, data: Path, wait: float = WAIT_SECONDS) -> Erased:
    """Erase what was taken out, under the writer's lock, and tell what is left of it.

    Waits up to `wait` seconds for readers. A reader, a full disk or a file that cannot be deleted raises nothing,
    only a damaged catalogue does (`sqlite3.DatabaseError`).
    """
    left = _rewrite(connection)
    deadline = time.monotonic() + wait
    uncut = _cut_log(connection, deadline)
    left += uncut or _drop_older(connection, data, deadline)
    left += drop_unused_originals(connection, data)
    left += _forget_cited(connection, data)
    if not left:
        (data / PENDING).unlink(missing_ok=True)
    replaced = kept_folder(data)
    return Erased(tuple(left), replaced if replaced.exists() else None)


def _rewrite(connection: sqlite3.Connection) -> list[str]:
    """Rewrite the catalogue with what is needed, and tell of it where that cannot be done."""
    try:
        forget_unneeded(connection)
        _index_anew(connection)
        _vacuum(connection)
    except (DataFolderError, sqlite3.OperationalError) as error:
        reason = error.__context__ or error  # `transaction` makes a sentence of what SQLite says
        return [f"the catalogue cannot be rewritten ({reason})"]
    return []


def _index_anew(connection: sqlite3.Connection) -> None:
    """Build the term tables anew from their rows: segments of before keep the words of rows that are gone."""
    for table in map(terms_table, TERM_LANGUAGES):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")


def _forget_cited(connection: sqlite3.Connection, data: Path) -> list[str]:
    """Take the ids of documents that are gone out of feedback; tell of it where that cannot be done."""
    try:
        forget_documents(data, {name for (name,) in connection.execute("SELECT DISTINCT id FROM documents")})
    except KBError as error:
        return [f"feedback may still name it ({str(error).removesuffix('.')})"]
    return []


def _vacuum(connection: sqlite3.Connection) -> None:
    """Copy what is there into fresh pages; the copy lies in the log until that is cut."""
    connection.execute("VACUUM")


def _cut_log(connection: sqlite3.Connection, deadline: float) -> list[str]:
    """Write the log into the catalogue and cut it to nothing; tell of it where that cannot be done.

    Where it is done, no reader sees an older state any more, and none can be about to open an older index.
    """
    (before,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {max(0, round((deadline - time.monotonic()) * 1000))}")
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        return [f"the catalogue's log cannot be cut, and the index before it stays ({error})"]
    finally:
        connection.execute(f"PRAGMA busy_timeout = {before}")
    return ["a reader keeps old pages of the catalogue and the index before it"] if busy else []


def _drop_older(connection: sqlite3.Connection, data: Path, deadline: float) -> list[str]:
    """Delete all generations but the current one, and tell of those that somebody uses."""
    state = read_state(connection)
    held = sweep(data, {state.generation if state else None}, max(0.0, deadline - time.monotonic()))
    return [f"a running Tillit uses {INDEX_FOLDER}/{name} until its next question" for name in held]


def drop_unused_originals(connection: sqlite3.Connection, data: Path) -> list[str]:
    """Delete the originals that no document uses, partial copies too; tell of those that cannot be deleted."""
    used = {name for (name,) in connection.execute("SELECT original FROM documents WHERE original IS NOT NULL")}
    left = []
    for file in sorted((data / "originals").glob("*")):
        try:
            if file.name not in used:
                file.unlink(missing_ok=True)
        except OSError as error:
            left.append(f"originals/{file.name} cannot be deleted ({error.strerror or error})")
    return left

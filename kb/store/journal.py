"""The journal of ingestion: what was asked for, what became of each file so far, and what failed and may be retried."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kb.store.writer import transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file (`file` is its absolute path); `source` is the hash of all that was read of it."""

    file: str
    what: str
    id: str
    path: str
    verdict: str
    message: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that could not be taken in, why, how it was asked for, and when (UTC, ISO 8601)."""

    file: str
    id: str
    verdict: str
    message: str
    request: dict[str, Any]
    at: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run of ingestion: its key, what was asked for, and when it began (UTC, ISO 8601)."""

    key: int
    request: dict[str, Any]
    started: str


def begin(connection: sqlite3.Connection, request: Mapping[str, Any]) -> Run:
    """Return the run for a request: the interrupted one that asked for the same, else a new one."""
    found = interrupted(connection)
    if found and found.request == dict(request):
        return found
    started = _now()
    with transaction(connection):
        _forget(connection, started)
        key = connection.execute(
            "INSERT INTO runs (started, request) VALUES (?, ?)", (started, json.dumps(request, sort_keys=True))
        ).lastrowid
    return Run(int(key or 0), dict(request), started)


def _forget(connection: sqlite3.Connection, now: str) -> None:
    """Delete what earlier runs noted, but for remarks on how a file was read from which a document is stored."""
    connection.execute(
        """
        DELETE FROM journal WHERE message = '' OR what NOT IN ('added', 'changed')
        OR NOT EXISTS (SELECT 1 FROM documents WHERE documents.id = journal.id AND documents.source = journal.source)
        """
    )
    connection.execute("DELETE FROM runs WHERE key NOT IN (SELECT run FROM journal)")
    connection.execute("UPDATE runs SET ended = ? WHERE ended IS NULL", (now,))


def interrupted(connection: sqlite3.Connection) -> Run | None:
    """Return the run that did not come to its end, None where there is none."""
    row = connection.execute("SELECT key, request, started FROM runs WHERE ended IS NULL").fetchone()
    return Run(row[0], json.loads(row[1]), row[2]) if row else None


def end(connection: sqlite3.Connection, run: Run) -> None:
    """Note that a run came to its end: what did not fail in it comes out of quarantine."""
    with transaction(connection):
        connection.execute(
            "DELETE FROM quarantine WHERE file IN (SELECT file FROM journal WHERE run = ? AND what != 'failed')",
            (run.key,),
        )
        connection.execute("UPDATE runs SET ended = ? WHERE key = ?", (_now(), run.key))


def note(connection: sqlite3.Connection, run: Run, entry: Entry) -> None:
    """Note what became of a file; one that failed goes into quarantine."""
    with transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (run.key, entry.file, entry.what, entry.id, entry.path, entry.verdict, entry.message, entry.source),
        )
        if entry.what == "failed":
            request = json.dumps(run.request, sort_keys=True)
            connection.execute(
                "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?)",
                (entry.file, entry.id, entry.verdict, entry.message, request, _now()),
            )


def entries(connection: sqlite3.Connection, run: Run) -> dict[str, Entry]:
    """Return what a run has noted so far, by file."""
    rows = connection.execute(
        "SELECT file, what, id, path, verdict, message, source FROM journal WHERE run = ?", (run.key,)
    )
    return {row[0]: Entry(*row) for row in rows}


def remarks(connection: sqlite3.Connection, document_id: str, source: str | None) -> str:
    """Return what was told of how a file was read, nothing where all went well.

    It is known as long as what is stored was made of the same `source`.
    """
    row = connection.execute(
        "SELECT message FROM journal WHERE id = ? AND source = ? AND what IN ('added', 'changed') ORDER BY run DESC",
        (document_id, source),
    ).fetchone()
    return str(row[0]) if row else ""


def quarantine(connection: sqlite3.Connection) -> list[Quarantined]:
    """Return the files that could not be taken in, by path."""
    rows = connection.execute("SELECT file, id, verdict, message, request, at FROM quarantine ORDER BY file")
    return [
        Quarantined(file, name, verdict, message, json.loads(request), at)
        for file, name, verdict, message, request, at in rows
    ]


def release(connection: sqlite3.Connection, files: list[str]) -> None:
    """Take files out of quarantine."""
    with transaction(connection):
        connection.executemany("DELETE FROM quarantine WHERE file = ?", [(file,) for file in files])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

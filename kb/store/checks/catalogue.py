"""The catalogue: whether SQLite can read all of it, its version, and rows that belong to nothing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.store.catalogue import FILE_NAME, MIGRATIONS, open_to_read
from kb.store.checks.finding import REPAIR, RESTORE, Finding, counted, ok, wrong

GIVE_RIGHTS = "Give this user the right to read it and to write its folder, or copy the folder to where that can be had"
BUILD_ANEW = f"{RESTORE}; or move {FILE_NAME} away, run: tillit build, and ingest your own files again"


@contextmanager
def looking(data: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads, inside one transaction. Text that is no UTF-8 is mended, not refused.

    Raises `sqlite3.Error` where there is no catalogue that can be opened.
    """
    connection = open_to_look(data / FILE_NAME)
    try:
        connection.execute("BEGIN")
        version_of(connection)
        yield connection
    finally:
        connection.close()


def open_to_look(path: Path) -> sqlite3.Connection:
    """Open a database as `open_to_read` does; text that is no UTF-8 is mended, not refused. Raises `sqlite3.Error`."""
    connection = open_to_read(path)
    connection.text_factory = readable
    return connection


def readable(raw: bytes) -> str:
    """Return text from the catalogue; what is no UTF-8 becomes U+FFFD, so that damage is told of and not raised."""
    return raw.decode("utf-8", "replace")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the catalogue's schema."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_catalogue(connection: sqlite3.Connection) -> Finding:
    """Tell whether the catalogue can be read by this program; only then can the rest be looked at."""
    check, version, known = "catalogue", version_of(connection), len(MIGRATIONS)
    if version == 0:
        return wrong(check, "nothing has been built yet", "Build it with: tillit build")
    if version > known:
        return wrong(check, f"it has version {version}, but this Tillit knows {known} at most", "Upgrade Tillit")
    if damage := damage_of(connection):
        return wrong(check, f"it is damaged ({damage})", BUILD_ANEW)
    if version < known:
        return wrong(check, f"it has version {version}, not {known}", "Bring it up to date with: tillit build")
    texts, documents = connection.execute(
        "SELECT count(*), count(DISTINCT id) FROM documents WHERE state = 'live'"
    ).fetchone()
    held = f"{counted(texts, 'text')} of {counted(documents, 'document')}"
    return ok(check, f"whole, version {version}, {held}")


def damage_of(connection: sqlite3.Connection) -> str | None:
    """Return the first thing that SQLite finds wrong with a database, None where it is whole.

    Newer versions of SQLite tell of search tables too, which are checked by themselves, since they can be made anew.
    """
    try:
        lines = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.Error as error:
        return str(error)
    faults = [line for line in lines if line != "ok" and "FTS5" not in line]
    return " ".join(faults[0].split()) if faults else None


def check_rows(connection: sqlite3.Connection) -> Finding:
    """Tell of rows that belong to nothing."""
    lost = Counter(str(table) for table, *_ in connection.execute("PRAGMA foreign_key_check"))
    if not lost:
        return ok("rows", "every row belongs to a document")
    told = ", ".join(f"{counted(number, 'row')} of {table}" for table, number in sorted(lost.items()))
    return wrong("rows", f"{told} belong to nothing that is there", REPAIR)


def delete_lost_rows(connection: sqlite3.Connection) -> int:
    """Delete the rows that belong to nothing, and return how many there were."""
    deleted = 0
    tables = {str(table) for table, *_ in connection.execute("PRAGMA foreign_key_check")}
    for table in sorted(tables):
        for _, _, parent, column, key, *_ in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            deleted += connection.execute(
                f'DELETE FROM {table} WHERE "{column}" IS NOT NULL AND "{column}" NOT IN (SELECT "{key}" FROM {parent})'
            ).rowcount
    return deleted

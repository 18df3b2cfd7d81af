"""The file `activity.sqlite3`: opened for each use and closed again, readable by its owner alone, set aside if damaged.

Threads and processes may use it at once. Deleted bytes are overwritten (`secure_delete`), and `rewrite` leaves no free
pages and no log.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from importlib.resources import files
from pathlib import Path

from kb.errors import ActivityError, KBError, LockedError
from kb.store.catalogue import open_to_read
from kb.store.faults import folder_error

FILE_NAME = "activity.sqlite3"
ASIDE = f"{FILE_NAME}.damaged"
"""Where a repair puts a damaged file. It goes when all is erased, or when the retention of its last write is over."""
BUSY_SECONDS = 5.0
"""How long a writer waits for another."""
_PARTS = ("-wal", "-shm", "")
_making = threading.Lock()


def _script(name: str, connection: sqlite3.Connection) -> None:
    for statement in files("kb.activity").joinpath(name).read_text(encoding="utf-8").split(";\n"):
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (partial(_script, "schema.sql"),)
"""Step n brings a file from version n to n + 1; none is ever changed after a release."""


@contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection inside one transaction that writes; the file is made or migrated as needed.

    Raises `KBError` where that cannot be done.
    """
    path = data / FILE_NAME
    try:
        _make(path)
        with closing(_connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            try:
                _migrate(connection, path)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
    except (OSError, sqlite3.Error) as error:
        raise _told(data, error) from None


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that only reads, None where nothing was ever kept. Raises `KBError`."""
    path = data / FILE_NAME
    try:
        if not path.exists():
            yield None
            return
        with closing(open_to_read(path)) as connection:
            yield connection if _known_version(connection, path) else None
    except (OSError, sqlite3.Error) as error:
        raise _told(data, error) from None


def rewrite(data: Path) -> None:
    """Write the file anew without free pages, and cut its log. Raises `KBError`."""
    try:
        with closing(_connect(data / FILE_NAME)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise _told(data, error) from None
    if busy:
        raise LockedError(
            f"What was erased from {data / FILE_NAME} is gone but for its log, which another process reads. "
            "Erase again when that has ended."
        )


def damage(data: Path, look: Callable[[sqlite3.Connection], object]) -> str | None:
    """Return in a line what is wrong with the file, None where it is whole or not there; `look` reads its rows.

    Raises `KBError` where that cannot be told.
    """
    try:
        with closing(open_to_read(data / FILE_NAME)) as connection:
            (line,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if line == "ok" and _known_version(connection, data / FILE_NAME):
                look(connection)
        return None if line == "ok" else " ".join(str(line).split())
    except (OSError, sqlite3.Error) as error:
        if not (data / FILE_NAME).exists():
            return None
        if _is_damage(error):
            return str(error)
        raise _told(data, error) from None


def set_aside(data: Path) -> Path:
    """Put the file aside, in the place of one that was put there before, and return where it lies. Raises `KBError`."""
    try:
        (data / FILE_NAME).replace(data / ASIDE)
        for part in _PARTS[:-1]:
            (data / f"{FILE_NAME}{part}").unlink(missing_ok=True)
    except OSError as error:
        raise folder_error(data, error) from None
    return data / ASIDE


def delete(data: Path) -> None:
    """Delete the file and what was set aside. Raises `KBError`."""
    try:
        for name in (*(f"{FILE_NAME}{part}" for part in _PARTS), ASIDE):
            (data / name).unlink(missing_ok=True)
    except OSError as error:
        raise folder_error(data, error) from None


def carry_over(old: Path, data: Path) -> None:
    """Move the file from a data folder to another, unless that has one. Raises `OSError`."""
    if (data / FILE_NAME).exists() or not (old / FILE_NAME).exists():
        return
    with suppress(sqlite3.Error), closing(_connect(old / FILE_NAME)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for part in _PARTS:
        with suppress(FileNotFoundError):
            (old / f"{FILE_NAME}{part}").rename(data / f"{FILE_NAME}{part}")


def _make(path: Path) -> None:
    """Make the file if it is not there, and see to it that nobody but its owner can read it.

    The lock keeps threads from opening it before it is closed here: closing it later would free SQLite's locks.
    """
    with _making:
        if not path.exists():
            path.touch(mode=0o600)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)


def _known_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the file's schema, 0 where it is empty. Raises `ActivityError` where it is too new."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise ActivityError(f"{path} was written by a newer Tillit. Upgrade Tillit to open it.")
    return version


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = _known_version(connection, path)
    for number, step in enumerate(MIGRATIONS[version:], version + 1):
        step(connection)
        connection.execute(f"PRAGMA user_version = {number}")


def _is_damage(error: Exception) -> bool:
    """Tell whether what was read is not what was written, rather than not to be had."""
    if isinstance(error, sqlite3.OperationalError):
        return any(text in str(error) for text in ("no such", "decode"))
    return isinstance(error, sqlite3.DatabaseError)


def _told(data: Path, error: Exception) -> KBError:
    """Return the error that tells in one sentence why the file cannot be used."""
    path = data / FILE_NAME
    if _is_damage(error):
        return ActivityError(f"{path} is damaged ({error}). Set it aside with: tillit doctor --repair")
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return LockedError(f"Another process is writing to {path}. Wait until it is done and try again.")
    return folder_error(data, error)

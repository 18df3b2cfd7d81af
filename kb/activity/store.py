"""What visitors leave behind: kept, listed, erased, and forgotten when its time is over.

What is older than the retention is erased at each write and by `purge`, and not returned before that. Only days count:
an entry goes once its day lies more than `days` before today. So a clock that goes back erases nothing, and its being
put right erases only what was kept under a wrong day. Entries of days to come stay, since nobody knows their age:
`tillit activity status` and the doctor tell of them.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kb.activity import file
from kb.activity.records import Entry, Feedback, Refused
from kb.errors import ActivityError, KBError
from kb.store.faults import folder_error

MOST_ENTRIES = 10_000
"""Entries that are kept at once, lest a visitor fills the disk: with questions of 2,000 characters they take 64 MB. The
page on quality puts so many refused questions together in a second or two.
"""
_ROWS = "SELECT id, day, kind, record FROM entries"


def keep(data: Path, what: Feedback | Refused, days: int, today: date | None = None) -> int:
    """Keep something for so many days and return its id.

    Raises `KBError` where that cannot be done, `ActivityError` where `MOST_ENTRIES` are kept already.
    """
    today = today or utc_today()
    _drop_aside(data, days, today)
    with file.writing(data) as connection:
        erased = _delete_old(connection, days, today)
        _refuse_full(connection, data)
        number = _insert(connection, what, today)
    _rewrite_if_possible(data, erased)
    return number


def entries(data: Path, days: int, today: date | None = None) -> list[Entry]:
    """Return what was kept in the last so many days, oldest first. Raises `KBError` where it cannot be read."""
    with file.reading(data) as connection:
        if connection is None:
            return []
        first = _first_day(days, today or utc_today())
        return [_entry(*row) for row in connection.execute(f"{_ROWS} WHERE day >= ? ORDER BY day, id", (first,))]


def purge(data: Path, days: int, today: date | None = None) -> int:
    """Erase what is older than so many days and return how many entries that were. Raises `KBError`."""
    today = today or utc_today()
    _drop_aside(data, days, today)
    if not (data / file.FILE_NAME).exists():
        return 0
    with file.writing(data) as connection:
        erased = _delete_old(connection, days, today)
    _rewrite_if_possible(data, erased)
    return erased


def erase(data: Path) -> int:
    """Erase all, what was set aside too, and return how many entries that were; of a damaged file 0.

    Raises `LockedError` while somebody else uses the file.
    """
    if not (data / file.FILE_NAME).exists() or damage(data):
        file.delete(data)
        return 0
    with file.writing(data) as connection:
        erased = connection.execute("DELETE FROM entries").rowcount
    file.rewrite(data)
    with suppress(FileNotFoundError):
        (data / file.ASIDE).unlink()
    return erased


def erase_one(data: Path, number: int) -> None:
    """Erase the entry of that id. Raises `ActivityError` where there is none, `LockedError` as `erase` does."""
    found = 0
    if (data / file.FILE_NAME).exists():
        with file.writing(data) as connection:
            found = connection.execute("DELETE FROM entries WHERE id = ?", (number,)).rowcount
        file.rewrite(data)
    if not found:
        raise ActivityError(f"There is no entry {number}. List them with: tillit activity export")


def forget_documents(data: Path, known: Collection[str]) -> None:
    """Take documents that are not among the known ids out of what feedback says was cited. Raises `KBError`."""
    if not (data / file.FILE_NAME).exists():
        return
    changed = []
    with file.writing(data) as connection:
        for row in connection.execute(f"{_ROWS} WHERE kind = 'feedback'").fetchall():
            record = asdict(_entry(*row).what)
            kept = [each for each in record["documents"] if each in known]
            if len(kept) < len(record["documents"]):
                changed.append((json.dumps({**record, "documents": kept}), row[0]))
        connection.executemany("UPDATE entries SET record = ? WHERE id = ?", changed)
    if changed:
        file.rewrite(data)


def damage(data: Path) -> str | None:
    """Return in a line what is wrong with the file, None where it is whole or not there. Raises `KBError`."""
    return file.damage(data, lambda connection: [_entry(*row) for row in connection.execute(_ROWS)])


def utc_today() -> date:
    """Return the day by which entries are dated."""
    return datetime.now(UTC).date()


def _refuse_full(connection: sqlite3.Connection, data: Path) -> None:
    (kept,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    if kept >= MOST_ENTRIES:
        raise ActivityError(
            f"{data / file.FILE_NAME} holds {kept:,} entries, and no more are kept. Take them along with "
            "`tillit activity export`, then make room with `tillit activity erase`."
        )


def _insert(connection: sqlite3.Connection, what: Feedback | Refused, today: date) -> int:
    """Insert an entry under a random id that is not taken, and return that."""
    kind, record = "feedback" if isinstance(what, Feedback) else "refused", json.dumps(asdict(what))
    while True:
        row = (10_000_000 + secrets.randbelow(90_000_000), today.isoformat(), kind, record)
        if connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", row).rowcount:
            return row[0]


def _entry(number: int, day: str, kind: str, record: str) -> Entry:
    """Return the entry of a row. Raises `sqlite3.DatabaseError` where it is none."""
    try:
        fields = json.loads(record)
        if kind == "refused":
            return Entry(number, day, Refused(**fields))
        lists = {name: tuple(fields[name]) for name in ("questions", "documents")}
        return Entry(number, day, Feedback(**{**fields, **lists}))
    except (ValueError, TypeError, KeyError, ActivityError):
        raise sqlite3.DatabaseError(f"entry {number} cannot be read") from None


def _first_day(days: int, today: date) -> str:
    """Return the first day of which entries are kept."""
    return (today - timedelta(days=days)).isoformat()


def _delete_old(connection: sqlite3.Connection, days: int, today: date) -> int:
    return connection.execute("DELETE FROM entries WHERE day < ?", (_first_day(days, today),)).rowcount


def _drop_aside(data: Path, days: int, today: date) -> None:
    """Delete what was set aside once its last write is older than so many days."""
    try:
        written = datetime.fromtimestamp((data / file.ASIDE).stat().st_mtime, UTC).date()
        if written.isoformat() < _first_day(days, today):
            (data / file.ASIDE).unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise folder_error(data, error) from None


def _rewrite_if_possible(data: Path, erased: int) -> None:
    """Rewrite the file where something was erased, unless somebody uses it: the bytes are overwritten in any case."""
    if erased:
        with suppress(KBError):
            file.rewrite(data)

"""The search terms: whether each FTS5 table is whole and has a row for each chunk of its languages, and no other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.errors import DiskFullError
from kb.store.catalogue import FILE_NAME, TERM_LANGUAGES
from kb.store.checks.catalogue import open_to_look
from kb.store.checks.finding import REPAIR, Finding, counted, ok, wrong
from kb.store.faults import full_folder, temporary_folder
from kb.store.terms import terms_table

TABLES = tuple(terms_table(language) for language in TERM_LANGUAGES)
_PARTS = ("data", "idx", "content", "docsize", "config")
"""The tables in which FTS5 keeps one of its own."""


def check_terms(data: Path, connection: sqlite3.Connection) -> list[Finding]:
    """Tell of each table that is not what it ought to be."""
    problems = problems_of(data, connection)
    if problems:
        return [wrong("terms", f"the search terms in {table} {problem}", REPAIR) for table, problem in problems.items()]
    return [ok("terms", f"every chunk has its search terms, in {len(TABLES)} tables")]


def problems_of(data: Path, connection: sqlite3.Connection) -> dict[str, str]:
    """Return by table what is wrong with it."""
    problems = damaged_tables(data)
    for table in TABLES:
        if table not in problems and (problem := _rows_problem(connection, table)):
            problems[table] = problem
    return problems


def _rows_problem(connection: sqlite3.Connection, table: str) -> str | None:
    try:
        found = {int(key) for (key,) in connection.execute(f"SELECT rowid FROM {table}")}
    except sqlite3.Error as error:
        return f"cannot be read ({error})"
    rows = connection.execute(
        "SELECT c.key, d.language FROM chunks c JOIN documents d ON d.key = c.document WHERE d.state = 'live'"
    )
    wanted = {int(key) for key, language in rows if terms_table(language) == table}
    missing, extra = len(wanted - found), len(found - wanted)
    told = [f"lack {missing} of {counted(wanted, 'chunk')}"] if missing else []
    told += [f"have {counted(extra, 'row')} of no chunk"] if extra else []
    return " and ".join(told) or None


def damaged_tables(data: Path) -> dict[str, str]:
    """Return by table what FTS5's own check says, of a copy: it takes a connection that can write."""
    with TemporaryDirectory(prefix="tillit-") as folder:
        copy = Path(folder) / "terms.sqlite3"
        problems = _copy_tables(data, copy)
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            for table in TABLES:
                try:
                    if table not in problems:
                        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
                except sqlite3.Error as error:
                    problems[table] = f"are damaged ({error})"
    return problems


def _copy_tables(data: Path, copy: Path) -> dict[str, str]:
    """Copy the search terms as they lie in the catalogue; return by table why that cannot be done.

    Raises `DiskFullError` where there is no room for the copy.
    """
    problems = {}
    with closing(open_to_look(data / FILE_NAME)) as connection:
        connection.execute("ATTACH ? AS copy", (str(copy),))
        connection.execute("PRAGMA copy.synchronous = OFF")
        connection.execute("BEGIN")
        for table in TABLES:
            try:
                _copy_table(connection, table)
            except sqlite3.Error as error:
                if full := full_folder(temporary_folder(), error):
                    raise DiskFullError(full) from None
                problems[table] = f"are damaged ({error})"
        connection.execute("COMMIT")
    return problems


def _copy_table(connection: sqlite3.Connection, table: str) -> None:
    row = connection.execute("SELECT sql FROM main.sqlite_master WHERE name = ?", (table,)).fetchone()
    if row is None:
        raise sqlite3.DatabaseError("the table is not there")
    connection.execute(str(row[0]).replace(f"TABLE {table}", f"TABLE copy.{table}", 1))
    for part in _PARTS:
        connection.execute(f"DELETE FROM copy.{table}_{part}")
        connection.execute(f"INSERT INTO copy.{table}_{part} SELECT * FROM main.{table}_{part}")

"""The search terms of chunks: one FTS5 table a language, written when documents are published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from kb.analysis import stemmer, stems, tokens
from kb.records import Document, Progress
from kb.store.catalogue import document_from_json, term_language
from kb.words import compounds
from kb.words.nynorsk import bokmaal

TERMS_VERSION = "3"
"""Raised whenever the index terms of an unchanged text may change, so that the next build writes them anew."""
COLUMNS = ("title", "headings", "text", "questions", "forms", "exact")
TOKENIZER = "unicode61 remove_diacritics 0"
"""As in `schema-2.sql`: a table that is damaged is made anew."""


def delete_documents(connection: sqlite3.Connection, keys: Sequence[int]) -> None:
    """Delete documents with all that belongs to them, their search terms included."""
    for key in keys:
        (language,) = connection.execute("SELECT language FROM documents WHERE key = ?", (key,)).fetchone()
        connection.execute(
            f"DELETE FROM {terms_table(language)} WHERE rowid IN (SELECT key FROM chunks WHERE document = ?)", (key,)
        )
        connection.execute("DELETE FROM documents WHERE key = ?", (key,))


def terms_table(language: str) -> str:
    """Return the name of the FTS5 table that holds texts of a language."""
    return f"terms_{term_language(language)}"


def other_forms(text: str, language: str) -> list[str]:
    """Return what the words of a text are besides their stems: parts of compounds, bokmål for nynorsk; stemmed."""
    stem = stemmer(language)
    found = []
    for token in tokens(text):
        forms = compounds.parts(token, language)
        if language == "nb" and (known := bokmaal(token)):
            forms = (*forms, known)
        found += [stem(form) for form in forms]
    return found


def _questions(document: Document, first: int, last: int) -> str:
    """Return the questions that a chunk answers: the document's and those of the chunk's blocks."""
    own = [
        each.text
        for each in document.block_questions
        if each.first is None or each.last is None or (each.first <= last and first <= each.last)
    ]
    return "\n".join([*document.questions, *own])


def index_staged(connection: sqlite3.Connection, progress: Progress) -> None:
    """Write the index terms of the staged documents' chunks."""
    _index(
        connection, [key for (key,) in connection.execute("SELECT key FROM documents WHERE state = 'staged'")], progress
    )


def index_anew(connection: sqlite3.Connection, table: str, progress: Progress) -> None:
    """Make one table of search terms anew from the live documents, whatever is wrong with it."""
    try:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    except sqlite3.DatabaseError:  # FTS5 cannot open what it is to drop
        _empty(connection, table)
        connection.execute(f"DROP TABLE {table}")
    _create(connection, table)
    live = connection.execute("SELECT key, language FROM documents WHERE state = 'live'").fetchall()
    _index(connection, [key for key, language in live if terms_table(language) == table], progress)


def _create(connection: sqlite3.Connection, table: str) -> None:
    connection.execute(f"CREATE VIRTUAL TABLE {table} USING fts5 ({', '.join(COLUMNS)}, tokenize = '{TOKENIZER}')")


def _empty(connection: sqlite3.Connection, table: str) -> None:
    """Put the parts of an empty table in the place of those of a damaged one."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        _create(fresh, table)
        parts = fresh.execute("SELECT name, sql FROM sqlite_master WHERE name != ? AND sql != ''", (table,)).fetchall()
        for name, statement in parts:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
            connection.execute(statement)
            for row in fresh.execute(f"SELECT * FROM {name}"):
                connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)


def _index(connection: sqlite3.Connection, keys: Sequence[int], progress: Progress) -> None:
    """Write the index terms of documents' chunks."""
    for done, document_key in enumerate(keys, 1):
        language, record, text = connection.execute(
            "SELECT language, record, text FROM documents WHERE key = ?", (document_key,)
        ).fetchone()
        document = document_from_json(record, text)
        title = " ".join(stems(document.title, language))
        rows = connection.execute(
            'SELECT key, block_first, block_last, "start", "end", headings FROM chunks WHERE document = ?',
            (document_key,),
        )
        connection.executemany(
            f"INSERT INTO {terms_table(language)} (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    chunk,
                    title,
                    " ".join(stems(" ".join(h for h in json.loads(headings) if h != document.title), language)),
                    " ".join(stems(text[start:end], language)),
                    " ".join(stems(_questions(document, first, last), language)),
                    " ".join(other_forms(f"{document.title} {text[start:end]}", language)),
                    " ".join(tokens(text[start:end])),
                )
                for chunk, first, last, start, end, headings in rows.fetchall()
            ],
        )
        if done % 50 == 0 or done == len(keys):
            progress("terms", done, len(keys))

"""Lexical search: BM25 (Robertson & Zaragoza 2009) by SQLite FTS5 over stems, one table a language."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.analysis import Term
from kb.store.terms import terms_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMN_WEIGHTS = {"title": 2.0, "headings": 0.5, "text": 1.0, "questions": 1.0, "exact": 0.0}
"""How much a match counts by field."""
SEARCHED = "{title headings text questions}"


def match_expression(terms: Sequence[Term]) -> str:
    """Return the FTS5 expression that matches any of the terms."""
    return f"{SEARCHED} : ({' OR '.join(_quoted(term.stem) for term in terms)})"


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def bm25(
    connection: sqlite3.Connection, language: str, terms: Sequence[Term]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the keys and scores (higher is better) of all chunks of a language that match any term.

    Both have shape (matches,), ordered by key.
    """
    import numpy as np

    if not terms:
        return np.empty(0, dtype=np.int64), np.empty(0)
    table = terms_table(language)
    weights = ", ".join(str(weight) for weight in COLUMN_WEIGHTS.values())
    rows = connection.execute(
        f"SELECT rowid, -bm25({table}, {weights}) FROM {table} WHERE {table} MATCH ? ORDER BY rowid",
        (match_expression(terms),),
    ).fetchall()
    keys = np.array([key for key, _ in rows], dtype=np.int64)
    return keys, np.array([score for _, score in rows], dtype=np.float64)


def chunk_count(connection: sqlite3.Connection, language: str) -> int:
    """Return how many live chunks the table of a language holds."""
    return int(connection.execute(f"SELECT count(*) FROM {terms_table(language)}").fetchone()[0])


def inverse_frequencies(connection: sqlite3.Connection, language: str, terms: Sequence[Term]) -> dict[str, float]:
    """Return by stem the inverse document frequency over chunks, log(1 + (N - n + 0.5) / (n + 0.5))."""
    table = terms_table(language)
    total = chunk_count(connection, language)
    result = {}
    for term in terms:
        (count,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE {table} MATCH ?", (f"{{title text}} : {_quoted(term.stem)}",)
        ).fetchone()
        result[term.stem] = math.log(1 + (total - count + 0.5) / (count + 0.5))
    return result

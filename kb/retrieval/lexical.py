"""Lexical search: BM25 (Robertson & Zaragoza 2009) by SQLite FTS5 over stems, one table a language.

A question's words, and other forms of them, are searched at full weight; parts of its compounds and the
glossary's synonyms at `WIDER`. The column `forms` holds the parts of the texts' own compounds.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kb.store.terms import terms_table
from kb.words.terms import Term

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMN_WEIGHTS = {"title": 2.0, "headings": 0.5, "text": 1.0, "questions": 1.0, "forms": 0.5, "exact": 0.0}
"""How much a match counts by field."""
WIDER = 0.4
"""How much a part of a compound or a synonym counts, against the question's own word."""
SEARCHED = "{title headings text questions forms}"


def bm25(
    connection: sqlite3.Connection, language: str, terms: Sequence[Term], wider: float = WIDER
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the keys and scores (higher is better) of all chunks of a language that match any term.

    Both have shape (matches,), ordered by key.
    """
    import numpy as np

    same = dict.fromkeys(stem for term in terms for stem in term.same)
    around = dict.fromkeys(form for term in terms for form in (*term.parts, *term.synonyms) if form not in same)
    keys, scores = _matches(connection, language, same)
    more, added = _matches(connection, language, around) if wider else (keys[:0], scores[:0])
    union = np.union1d(keys, more)
    total = np.zeros(len(union))
    total[np.searchsorted(union, keys)] += scores
    total[np.searchsorted(union, more)] += wider * added
    return union, total


def _matches(
    connection: sqlite3.Connection, language: str, phrases: Iterable[str]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    import numpy as np

    table, expression = terms_table(language), any_of(phrases)
    if not expression:
        return np.empty(0, dtype=np.int64), np.empty(0)
    weights = ", ".join(str(weight) for weight in COLUMN_WEIGHTS.values())
    rows = connection.execute(
        f"SELECT rowid, -bm25({table}, {weights}) FROM {table} WHERE {table} MATCH ? ORDER BY rowid",
        (f"{SEARCHED} : ({expression})",),
    ).fetchall()
    found = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return found[:, 0].astype(np.int64), found[:, 1].copy()


def any_of(phrases: Iterable[str]) -> str:
    """Return the FTS5 expression that matches any of the phrases."""
    return " OR ".join('"' + phrase.replace('"', '""') + '"' for phrase in phrases)


def with_phrases(connection: sqlite3.Connection, language: str, phrases: Sequence[str]) -> NDArray[np.int64]:
    """Return the keys of the chunks of a language that have every phrase word by word, ascending."""
    import numpy as np

    table = terms_table(language)
    expression = " AND ".join(f"exact : ({any_of([phrase])})" for phrase in phrases)
    rows = connection.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid", (expression,))
    return np.array([key for (key,) in rows], dtype=np.int64)


def chunk_count(connection: sqlite3.Connection, language: str) -> int:
    """Return how many live chunks the table of a language holds."""
    return int(connection.execute(f"SELECT count(*) FROM {terms_table(language)}").fetchone()[0])


def inverse_frequencies(connection: sqlite3.Connection, language: str, terms: Sequence[Term]) -> dict[str, float]:
    """Return by stem the inverse document frequency over chunks, log(1 + (N - n + 0.5) / (n + 0.5)).

    Of a word that stands nowhere, n is that of the parts and synonyms which count for it.
    """
    table, total = terms_table(language), chunk_count(connection, language)

    def frequency(phrases: Iterable[str]) -> int:
        expression = any_of(phrases)
        if not expression:
            return 0
        query = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"
        return int(connection.execute(query, (f"{{title text forms}} : ({expression})",)).fetchone()[0])

    counts = {term.stem: frequency(term.same) or frequency((*term.parts, *term.synonyms)) for term in terms}
    return {stem: math.log(1 + (total - count + 0.5) / (count + 0.5)) for stem, count in counts.items()}


def vocabulary(connection: sqlite3.Connection, languages: Iterable[str]) -> Mapping[str, int]:
    """Return the words of the texts in some languages, folded, with the number of chunks that have them."""
    counts: dict[str, int] = {}
    for table in dict.fromkeys(map(terms_table, languages)):
        name = f"temp.words_of_{table}"
        connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5vocab('main', '{table}', 'col')")
        for word, count in connection.execute(f"SELECT term, doc FROM {name} WHERE col = 'exact'"):
            counts[word] = counts.get(word, 0) + count
    return counts

"""The pages of a user's own files as they were, and where a passage of the clean text stands in them."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from kb.characters import end_of, offset_of, visible
from kb.records import SourceLine, SourcePage


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A place in a page (from 1) of a file: offsets in the page's text as the file gave it, and that text itself."""

    page: int
    start: int
    end: int
    text: str


def source_page(connection: sqlite3.Connection, key: int, number: int) -> SourcePage | None:
    """Return a page of the document with that key, None where it has no such page."""
    row = connection.execute(
        "SELECT text, lines FROM source_pages WHERE document = ? AND number = ?", (key, number)
    ).fetchone()
    return _page(number, *row) if row else None


def source_pages(connection: sqlite3.Connection, key: int) -> tuple[SourcePage, ...]:
    """Return the pages of the document with that key, in order."""
    rows = connection.execute("SELECT number, text, lines FROM source_pages WHERE document = ? ORDER BY number", (key,))
    return tuple(_page(*row) for row in rows)


def source_lines(
    connection: sqlite3.Connection, key: int, start: int, end: int
) -> list[tuple[SourcePage, tuple[tuple[int, int], ...]]]:
    """Return the pages of the file on which `document.text[start:end]` stands, each with where its lines start and end.

    These are offsets in the page's text; there are no pages where none were kept.
    """
    (text,) = connection.execute("SELECT text FROM documents WHERE key = ?", (key,)).fetchone()
    found = []
    for page in source_pages(connection, key):
        own = [line for line in page.lines if line.start < end and start < line.end]
        if own:
            places = ((max(start, line.start), min(end, line.end), line) for line in own)
            lines = ((_raw(page, line, text, a), _raw(page, line, text, b, ends=True)) for a, b, line in places)
            found.append((page, tuple(lines)))
    return found


def source_spans(connection: sqlite3.Connection, key: int, start: int, end: int) -> list[SourceSpan]:
    """Return where `document.text[start:end]` stands in the file: a span for each page, none where none were kept.

    What was left out between two lines (a running header in a column, say) lies inside the span.
    """
    spans = []
    for page, lines in source_lines(connection, key, start, end):
        first, last = lines[0][0], lines[-1][1]
        spans.append(SourceSpan(page.number, first, last, page.text[first:last]))
    return spans


def _raw(page: SourcePage, line: SourceLine, text: str, place: int, ends: bool = False) -> int:
    """Return the offset in the page of a place in a line; of one that `ends` there, after its last visible sign."""
    if place >= line.end:
        return line.raw_end
    seen = len(visible(text[line.start : place]))
    raw = page.text[line.raw_start : line.raw_end]
    return line.raw_start + (end_of(raw, seen) if ends else offset_of(raw, seen))


def _page(number: int, text: str, lines: str) -> SourcePage:
    return SourcePage(number, text, tuple(SourceLine(*line) for line in json.loads(lines)))

"""Columns of text that a PDF writes line after line over all of them, taken apart.

Where the file writes column after column, pypdf's order is kept. What tells columns from a table is that their lines go
on in the midst of a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.readers.pdf_lines import PageLine, line_of

LEAST_LINES = 4
"""Lines that columns have at least where they are taken apart."""
FLOWING, FULL, LEAST_LENGTH = 0.35, 0.75, 20
"""What makes a column text and no table's: the share of its lines that begin in small letters; how wide half of them
are at least, against the widest; and how many characters they have at least on average."""
NEAR = 3.0
"""Points by which what stands below each other may be out of line."""


def with_columns(lines: Sequence[PageLine]) -> list[PageLine]:
    """Return lines of which those that go over two columns are taken apart; of three, the others are found again."""
    edges = Counter(round(part.left) for line in lines for part in line.parts[1:])
    edge, count = edges.most_common(1)[0] if edges else (0, 0)
    if count < LEAST_LINES:
        return list(lines)
    ordered: list[PageLine] = []
    place = 0
    while place < len(lines):
        after = place
        while after < len(lines) and all(part.left > edge - NEAR or part.right < edge for part in lines[after].parts):
            after += 1
        ordered += _apart(lines[place:after], edge) if after > place else [lines[place]]
        place = max(after, place + 1)
    return ordered


def _apart(lines: Sequence[PageLine], edge: float) -> list[PageLine]:
    """Return the part of lines to the left of an edge before the part to its right, where both are running text."""
    left = [line_of(own) for line in lines if (own := [part for part in line.parts if part.left <= edge - NEAR])]
    right = [line_of(own) for line in lines if (own := [part for part in line.parts if part.left > edge - NEAR])]
    if not (_flows(left) and _flows(right)):
        return list(lines)
    return [*left, *with_columns(right)]


def _flows(lines: Sequence[PageLine]) -> bool:
    """Tell whether lines are a text that goes on from each to the next."""
    texts = [line.text.strip() for line in lines]
    widths = sorted(line.parts[-1].right - line.left for line in lines)
    return (
        len(lines) >= LEAST_LINES
        and sum(text[0].islower() for text in texts) >= FLOWING * len(texts)
        and sum(map(len, texts)) >= LEAST_LENGTH * len(texts)
        and widths[len(widths) // 2] >= FULL * widths[-1]
    )

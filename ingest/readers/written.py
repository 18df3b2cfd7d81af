"""What readers write: headings, paragraphs, items and tables in Markdown, read back by `kb.blocks` as what they were.

Nothing is escaped but a cell's bars, since signs would spoil quotes; a no-break space keeps text from being misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ingest.paragraphs import MISREAD, NO_BREAK_SPACE
from ingest.readers import TooBigError
from kb.characters import mend_characters

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
CELL_SIGNS = 3
"""Characters that stand around a cell in a table."""
_LAST_SIGNS = re.compile(r"(?:^|[ \t])(?=#+$)")
_MONTH = re.compile(r"jan|feb|mar|apr|ma[ij]|jun|jul|aug|sep|okt|nov|de[cs]", re.IGNORECASE)

Row = Mapping[int, str]
"""The texts of a row by their columns; a column with no text may be missing."""


def one_line(text: str) -> str:
    """Return a text in one line of mended characters."""
    return " ".join(mend_characters(text).split())


def heading(level: int, text: str) -> str:
    """Return a heading; signs at its end that Markdown would take for the heading's own are kept."""
    return "#" * level + " " + _LAST_SIGNS.sub(NO_BREAK_SPACE, text)


def paragraph(text: str, mark: str = "") -> str:
    """Return a paragraph or, with a `mark` that may be indented, an item."""
    sign = mark.lstrip(" ")
    with_mark = text == "--" if sign == "- " else sign and _MONTH.match(text)  # a rule, a date
    return mark + (NO_BREAK_SPACE if with_mark or MISREAD.match(text) else "") + text


def listed(items: Iterable[tuple[int, str]]) -> list[str]:
    """Return paragraphs, and each run of items as one block; the first number is an item's level, -1 for others."""
    blocks: list[str] = []
    levels: list[int] = []
    for level, text in items:
        started = bool(levels)
        levels = [above for above in levels if above < level]
        if level < 0:
            blocks.append(paragraph(text))
            continue
        item = paragraph(text, "  " * len(levels) + "- ")
        levels.append(level)
        if started:
            blocks[-1] += f"\n{item}"
        else:
            blocks.append(item)
    return blocks


def pipe_table(rows: Sequence[Row], room: int, indent: int = 0) -> str:
    """Return a table whose first row is the header; columns and rows without text are left out.

    Raises `TooBigError` where it takes more than `room` characters.
    """
    columns = sorted({column for row in rows for column, text in row.items() if text})
    if len(columns) * len(rows) * CELL_SIGNS > room:
        raise TooBigError
    lines = [_line([row.get(column, "") for column in columns]) for row in rows if any(row.values())]
    ruled = [*lines[:1], "|" + " --- |" * len(columns), *lines[1:]] if lines else []
    return "\n".join(" " * indent + line for line in ruled)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

"""Markdown set as the pages of a PDF: what a report has, by a small typesetter that tests can foresee.

Headings are set in larger letters, items behind their marks, the cells of a table below each other; each page has a
running header and its number. One block is one line of the Markdown, and blank lines part them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from tests.ingest.pdfs import Run, pdf_of_runs

LEFT, TOP, BOTTOM, INDENT = 72, 760, 90, 18
"""Points."""
WIDTH, CELL = 78, 22
"""Characters of a line and of a cell's line."""
SIZES = {"# ": 20.0, "## ": 15.0, "### ": 13.0, "": 11.0}
"""Points, by the mark of a heading."""
LEADING = 1.25
"""The height of a line, in the size of its letters."""


def typeset(markdown: str, header: str) -> bytes:
    """Return Markdown as a PDF."""
    return pdf_of_runs(*typeset_pages(markdown, header))


def typeset_pages(markdown: str, header: str) -> list[list[Run]]:
    """Return the runs of each page."""
    pages: list[list[Run]] = []
    height = 0.0
    for above, rows in _rows(markdown):
        height -= above
        for row in rows:
            if height - row[0].size < BOTTOM or not pages:
                pages.append([Run(header, LEFT, 800, 8), Run(str(len(pages) + 1), 290, 40, 8)])
                height = TOP
            deepest = max(-run.height for run in row)
            pages[-1] += [run._replace(height=height - row[0].size + run.height) for run in row]
            height -= deepest + LEADING * row[0].size
    return pages


def _rows(markdown: str) -> Iterator[tuple[float, list[list[Run]]]]:
    """Yield the room above each block and its lines; heights are counted from the line's."""
    for block in filter(None, markdown.splitlines()):
        heading = re.match(r"#+ ", block)
        item = re.match(r"(-|\d+\.) ", block)
        if re.fullmatch(r"[|: -]+", block):
            continue
        if block.startswith("|"):
            yield 3, [_cells(block)]
        elif item:
            mark = item[1].replace("-", "•")
            lines = textwrap.wrap(block[item.end() :], WIDTH - 4)
            rows = [[Run(line, LEFT + 2 * INDENT, 0)] for line in lines]
            yield 0, [[Run(mark, LEFT + INDENT, 0), *rows[0]], *rows[1:]]
        else:
            mark = heading[0] if heading else ""
            size = SIZES[mark]
            width = int(WIDTH * SIZES[""] / size)
            lines = textwrap.wrap(block.removeprefix(mark), width, break_on_hyphens=False)
            yield 7 if not heading else size, [[Run(line, LEFT, 0, size)] for line in lines]


def _cells(row: str) -> list[Run]:
    """Return the cells of a row, one after the other."""
    cells = [textwrap.wrap(cell.strip(), CELL) for cell in row.strip("|").split("|")]
    step = LEADING * SIZES[""]
    return [
        Run(line, LEFT + 140 * column, -step * number)
        for column, cell in enumerate(cells)
        for number, line in enumerate(cell)
    ]

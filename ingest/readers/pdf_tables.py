"""The rows of tables among the lines of a page of a PDF; columns are what leaves a stretch between them free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.readers.pdf_lines import OTHER_SIZE, PageLine, Piece, joined

BETWEEN = 1.5
"""Points that are free between two columns at least."""
FINE = 0.12
"""How far two cells of a line stand apart at least, in the size of the letters."""
MOST_DOWN, MOST_UP, TIGHT = 4.0, 12.0, 1.8
"""How far below and above the last one a line of a table stands at most, and how far below each other those of a cell,
in the size of their letters."""
NEAR = 3.0
"""Points by which what stands beside each other may be out of line."""
WIDE = 1.5
"""How far two cells of a table of two rows stand apart, in the size of the letters; words may as far as others do."""
MOST_LINES = 500
"""Lines of a table on a page."""
Columns = list[tuple[float, float]]
"""Left and right edges, in points."""


@dataclass(slots=True)
class _Row:
    """The lines of a row, and its cells by column."""

    lines: list[PageLine] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)

    def add(self, line: PageLine, columns: Columns) -> None:
        """Add a line to its cells."""
        self.lines.append(line)
        for column, piece in _cells(line, columns):
            before = self.cells.get(column, "")
            self.cells[column] = before + (" " if before and not before.endswith("-") else "") + piece.text.strip()


def with_rows(lines: Sequence[PageLine]) -> list[PageLine]:
    """Return lines with those of each table written as its rows, whose cells are parted by tabs."""
    written: list[PageLine] = []
    place = 0
    while place < len(lines):
        after, columns = _table_at(lines, place) if len(lines[place].parts) > 1 else (place, [])
        rows = _rows(lines[place:after], columns)
        if _are_rows(rows):
            for row in [_in_line(rows[0], len(columns)), *rows[1:]]:
                text = "\t".join(row.cells.get(column, "") for column in range(len(columns)))
                written.append(replace(row.lines[0], text=text))
            place = after
        else:
            written.append(lines[place])
            place += 1
    return written


def _table_at(lines: Sequence[PageLine], place: int) -> tuple[int, Columns]:
    """Return where the lines end that stand in columns below the line at a place, and these columns."""
    columns: Columns = []
    after, kept, sure = place + 1, (place, columns), 0
    while after < min(len(lines), place + MOST_LINES) and _follows(lines[after - 1], lines[after]):
        wider = _columns(columns, lines[after])
        if len(wider) < len(columns):
            break
        columns, after = wider, after + 1
        line = lines[after - 1]
        first, last = (_cells(line, columns)[end][0] for end in (0, -1))
        sure += len(line.parts) > 1 or first > 0
        if sure and last:  # below the first column alone there may stand a paragraph
            kept = after, columns
    return kept


def _follows(upper: PageLine, lower: PageLine) -> bool:
    """Tell whether a line is near enough to the one before it, and of the same size."""
    sizes = sorted((upper.size, lower.size))
    near = -MOST_UP * sizes[0] < upper.height - lower.height < MOST_DOWN * sizes[0]
    return near and sizes[1] <= OTHER_SIZE * sizes[0]


def _columns(columns: Columns, line: PageLine) -> Columns:
    """Return columns with those of a line; what stands below each other is one column."""
    merged: Columns = []
    for left, right in sorted(
        [*columns, *((cell.left, max(cell.left, cell.right)) for cell in joined(line.pieces, FINE))]
    ):
        if merged and left < merged[-1][1] + BETWEEN:
            merged[-1] = merged[-1][0], max(merged[-1][1], right)
        else:
            merged.append((left, right))
    return merged


def _cells(line: PageLine, columns: Columns) -> list[tuple[int, Piece]]:
    """Return the cells of a line, each with the number of its column."""
    cells = joined(line.pieces, FINE)
    return [(max(0, sum(left <= cell.left for left, _ in columns) - 1), cell) for cell in cells]


def _in_line(head: _Row, columns: int) -> _Row:
    """Return the first row; where it has a cell for each column, they need not stand in line with those below."""
    own: Columns = []
    for line in head.lines:
        own = _columns(own, line)
    written = _Row()
    for line in head.lines:
        written.add(line, own)
    return written if len(own) == columns else head


def _rows(lines: Sequence[PageLine], columns: Columns) -> list[_Row]:
    """Return the rows that lines make; a line may also go on with a cell, or be a cell beside one of several lines."""
    rows: list[_Row] = []
    for line in lines:
        begins = not _cells(line, columns)[0][0]
        if not rows or begins or rows[-1].lines[-1].height - line.height > TIGHT * line.size:
            rows.append(_Row())
        else:
            _join_lines_of_cell(rows, line, columns)
        rows[-1].add(line, columns)
    return rows


def _join_lines_of_cell(rows: list[_Row], line: PageLine, columns: Columns) -> None:
    """Make one row of the last rows where they are the lines of one cell and the line is a cell beside it."""
    place = len(rows) - 1
    while place and _are_of_one_cell(rows[place - 1], rows[place]):
        place -= 1
    if rows[-1].lines[0].height - NEAR < line.height < rows[place].lines[0].height + NEAR:
        for row in rows[place + 1 :]:
            rows[place].add(row.lines[0], columns)
        del rows[place + 1 :]


def _are_of_one_cell(upper: _Row, lower: _Row) -> bool:
    above, below = upper.lines[-1], lower.lines[0]
    return list(upper.cells) == [0] == list(lower.cells) and above.height - below.height < TIGHT * below.size


def _are_rows(rows: Sequence[_Row]) -> bool:
    """Tell whether there are several rows, most of them with several cells, and no dots as in a table of contents."""
    several = sum(len(row.cells) > 1 for row in rows)
    dotted = any("...." in text for row in rows for text in row.cells.values())
    wide = len(rows) > 2 or all(any(len(joined(line.pieces, WIDE)) > 1 for line in row.lines) for row in rows)
    return several > 1 and several * 2 > len(rows) and wide and not dotted

"""Spreadsheets (xlsx) by openpyxl: one text with a heading for each sheet, its tables and its paragraphs.

Formulas give the value that was stored with them. Drawings, charts, comments and formats are left out.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ingest.readers import Reading, TooBigError, Verdict
from ingest.readers.package import check_package
from ingest.readers.written import CELL_SIGNS, SUPERSCRIPTS, Row, heading, one_line, paragraph, pipe_table

MOST_EMPTY_ROWS = 1000
"""Empty rows in a row after which a sheet is taken to end."""

_CORE = "docProps/core.xml"


def read(path: Path, reading: Reading) -> Verdict:
    """Read all sheets as one page; a sheet that breaks off gives what was read of it, and the verdict says so."""
    from openpyxl import load_workbook

    check_package(path)
    blocks: list[str] = []
    notes: list[str] = []
    verdict: Verdict = "ok"
    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False, rich_text=True)
        properties = book.properties
        reading.begin(1, properties.title or "", _created(path, properties.created))
        for sheet in book.worksheets:
            room = reading.characters - sum(map(len, blocks))
            rows, whole = _rows(sheet, room)
            if not whole:
                verdict = "malformed"
            if not rows:
                continue
            if sheet.sheet_state != "visible":
                notes = ["hidden"]
            blocks.append(heading(2, plain(sheet.title)))
            for region in _regions(rows):
                blocks += _region_blocks([row for _, row in region], room)
    reading.page(0, "\n\n".join(blocks), *notes)
    return verdict


def _created(path: Path, created: datetime | None) -> str:
    """Return when a workbook was made; openpyxl says "now" where the file does not tell."""
    with zipfile.ZipFile(path) as package:
        told = _CORE in package.namelist() and b"created" in package.read(_CORE)
    return created.isoformat() if told and created else ""


def _rows(sheet: Any, room: int) -> tuple[list[tuple[int, Row]], bool]:
    """Return the rows that hold text, with their numbers, and whether the sheet could be read to its end.

    Raises `TooBigError` where they take more than `room` characters.
    """
    rows: list[tuple[int, Row]] = []
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    try:
        for number, cells in enumerate(sheet.iter_rows()):
            texts = {cell.column: shown_cell(cell) for cell in cells if cell.value is not None}
            if row := {column: text for column, text in texts.items() if text}:
                rows.append((number, row))
                room -= sum(len(text) + CELL_SIGNS for text in row.values())
            elif number - (rows[-1][0] if rows else 0) > MOST_EMPTY_ROWS:
                break
            if room < 0:
                raise TooBigError
    except (TooBigError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  (one sheet's fault must not cost the others)
        return rows, False
    return rows, True


def _regions(rows: Sequence[tuple[int, Row]]) -> Iterator[Sequence[tuple[int, Row]]]:
    """Return the rows in runs that no empty row parts."""
    first = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place][0] > rows[place - 1][0] + 1:
            yield rows[first:place]
            first = place


def _region_blocks(rows: Sequence[Row], room: int) -> list[str]:
    """Return a region as paragraphs where it has one column, else as a table; lines above its header are paragraphs."""
    first = min(column for row in rows for column in row)
    above = 0
    while above < len(rows) and set(rows[above]) == {first}:
        above += 1
    blocks = [paragraph(row[first]) for row in rows[:above]]
    return [*blocks, pipe_table(rows[above:], room)] if above < len(rows) else blocks


_CONTROL = re.compile(r"_x00[01][0-9A-Fa-f]_")


def plain(text: str) -> str:
    """Return a clean text in one line; Excel writes control characters as `_x000D_`."""
    return one_line(_CONTROL.sub(" ", text))


def shown_cell(cell: Any) -> str:
    """Return a cell's value as a reader sees it, nothing for an error."""
    value = cell.value
    if isinstance(value, list):
        return plain("".join(map(_shown_part, value)))
    if isinstance(value, str):
        return "" if cell.data_type == "e" else plain(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return shown_number(value, cell.number_format or "")
    return shown_time(value) if isinstance(value, date | time | timedelta) else plain(str(value))


def _shown_part(part: Any) -> str:
    """Return a run of a rich text; raised digits stay raised, lest 12 with a note 1 becomes 121."""
    if isinstance(part, str):
        return part
    return part.text.translate(SUPERSCRIPTS) if part.font.vertAlign == "superscript" else str(part.text)


_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def shown_number(value: float, code: str) -> str:
    """Return a number with up to ten digits that count; of its format `code`, percent and leading zeros matter."""
    code = _LITERAL.sub("", code)
    if "%" in code:
        return f"{_digits(value * 100)} %"
    text = _digits(value)
    return text.zfill(len(code)) if re.fullmatch("00+", code) and text.isdigit() else text


def _digits(value: float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e16):
        return str(int(value))
    text = f"{value:.10g}"
    if "e" in text and 1e-10 < abs(value) < 1e16:
        text = f"{value:.{2 if abs(value) > 1 else 14}f}".rstrip("0").rstrip(".")
    return text


def shown_time(value: date | time | timedelta) -> str:
    """Return a date, time or duration as ISO 8601 has it, midnight and seconds of zero left out."""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, datetime):
        return value.date().isoformat() + (f" {shown_time(value.time())}" if value.time() != time() else "")
    return value.isoformat(timespec="seconds" if value.second else "minutes") if isinstance(value, time) else str(value)

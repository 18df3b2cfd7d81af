"""A shortlist of cases as CSV, as an Excel workbook and as a Word file; no text of a case can act as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from csv import writer
from dataclasses import dataclass, fields
from io import BytesIO, StringIO

from app.export.tree import Node, facts_table, heading, link, paragraph, printable, quoted, unmarked, web_address, words
from app.export.writing import as_word
from app.labels import Labels

_WIDTHS = {"title": 40, "change": 60, "result": 60, "caveats": 60, "whose": 40, "url": 50}
_WIDTH = 18
"""Widths of columns, in characters."""
_LONGEST_CELL = 32_000
"""Characters, a little less than Excel takes."""
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
_SECTIONS = ("change", "result", "caveats")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a visitor is shown it: every value in words, in the visitor's language, empty where there is none."""

    id: str
    title: str
    organisation: str
    country: str
    sectors: str
    year: str
    kind: str
    evidence: str
    stance: str
    themes: str
    change: str
    result: str
    caveats: str
    url: str
    whose: str = ""
    """Whose words the texts are."""


_COLUMNS = tuple(field.name for field in fields(CaseRow))
_NAMES = {"title": "name"}
"""Columns whose header has another name among the texts."""


def csv(rows: Sequence[CaseRow], language: str) -> bytes:
    """Return cases as Excel in the Nordic countries reads CSV: UTF-8 with a mark, semicolons, formulas defused."""
    stream = StringIO(newline="")
    table = writer(stream, delimiter=";")
    table.writerow(_header(language))
    table.writerows([_defused(cell) for cell in _cells(row)] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _header(language: str) -> list[str]:
    say = Labels("export", language)
    return [say(_NAMES.get(column, column)) for column in _COLUMNS]


def _cells(row: CaseRow) -> list[str]:
    """Return the values of a case as plain text."""
    values = {name: getattr(row, name) for name in _COLUMNS}
    return [unmarked(text) if name in _SECTIONS else printable(text) for name, text in values.items()]


def _defused(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def excel(rows: Sequence[CaseRow], language: str) -> bytes:
    """Return cases as an Excel workbook with one sheet: a header that stays, filters, links that can be clicked."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = Labels("export", language)("cases")
    for line, cells in enumerate((_header(language), *map(_cells, rows)), 1):
        for column, text in enumerate(cells, 1):
            cell = sheet.cell(line, column, _fitting(text))
            cell.data_type = "s"  # whatever the text looks like: no formula, no error
            if line > 1 and _COLUMNS[column - 1] == "url" and (url := web_address(text)):
                cell.hyperlink, cell.style = url, "Hyperlink"
            elif line == 1:
                cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, name in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, _WIDTH)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 2]} …"


def word(rows: Sequence[CaseRow], language: str, day: str) -> bytes:
    """Return cases, exported on `day` (ISO), as a Word file with a section for each. Raises `ExportError`."""
    say = Labels("export", language)
    blocks = [block for row in rows for block in _section(row, say)] or [paragraph(words(say("none-chosen")))]
    blocks.append(paragraph(words(say("exported", date=day))))
    return as_word(blocks, say("cases-title"), language, day)


def _section(row: CaseRow, say: Labels) -> Iterator[Node]:
    yield heading(1, row.title)
    values = {name: getattr(row, name) for name in _COLUMNS if name not in ("title", *_SECTIONS)}
    url = web_address(row.url)
    shown = {name: [link(url)] if url and name == "url" else words(text) for name, text in values.items()}
    yield facts_table((say(name), inlines) for name, inlines in shown.items() if inlines)
    for name in _SECTIONS:
        if text := getattr(row, name):
            yield heading(2, say(name))
            yield from quoted(text)

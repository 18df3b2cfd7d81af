"""Cases as CSV, as an Excel workbook and as Word files; no text of a case can act as a formula.

A shortlist has a row for each case, or a section in Word; a comparison is a Word file with a column for each case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from csv import writer
from dataclasses import dataclass, fields
from datetime import date
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from app.export.tree import (
    LINE_BREAK,
    Node,
    bullets,
    facts_table,
    heading,
    in_language,
    link,
    paragraph,
    printable,
    quoted,
    side_by_side,
    small,
    styled,
    unmarked,
    web_address,
    words,
)
from app.export.writing import as_word
from app.labels import Labels

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {"title": 32, "url": 30, "whose": 30, "year": 7}
_WIDTH, _TEXT_WIDTH = 16, 45
"""Widths of columns with facts and with sections, in characters."""
_LONGEST_CELL = 32_000
"""Characters, a little less than Excel takes."""
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
_YEAR = re.compile(r"[0-9]{4}")
_NAMED = 0.125
"""The share of a comparison's width that the rows' names take."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a visitor is shown it: every value in words, in the visitor's language, empty where there is none."""

    title: str
    organisation: str
    publisher: str
    country: str
    sectors: str
    year: str
    kind: str
    evidence: str
    stance: str
    themes: str
    sections: Mapping[str, str]
    """By heading; the rows of a table have the same headings in the same order."""
    url: str
    whose: str
    """Whose words the texts are."""


_FACTS = tuple(field.name for field in fields(CaseRow) if field.name not in ("sections", "url", "whose"))
_LAST = ("url", "whose")
_NAMES = {"title": "name"}
"""Columns whose header has another name among the texts."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a case is told."""

    title: str
    publisher: str
    year: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Cases side by side: rows of a name and of what stands there for each case, in the visitor's language."""

    titles: Sequence[str]
    languages: Sequence[str]
    facts: Sequence[tuple[str, Sequence[str]]]
    sections: Sequence[tuple[str, Sequence[str]]]
    whose: tuple[str, Sequence[str]]
    sources: Sequence[Source]
    filters: Sequence[str]
    """What the cases were narrowed down to."""
    kind: str
    """Whether they are "cases" or "documents"."""


def csv(rows: Sequence[CaseRow], language: str, _day: str) -> bytes:
    """Return cases as Excel in the Nordic countries reads CSV: UTF-8 with a mark, semicolons, formulas defused."""
    stream = StringIO(newline="")
    table = writer(stream, delimiter=";")
    table.writerow(_header(rows, language))
    table.writerows([_defused(cell) for cell in _cells(row)] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _header(rows: Sequence[CaseRow], language: str) -> list[str]:
    say = Labels("export", language)
    first, last = ([say(_NAMES.get(column, column)) for column in columns] for columns in (_FACTS, _LAST))
    return [*first, *(rows[0].sections if rows else ()), *last]


def _cells(row: CaseRow) -> list[str]:
    """Return the values of a case as plain text."""
    first, last = ([printable(getattr(row, name)) for name in columns] for columns in (_FACTS, _LAST))
    return [*first, *map(unmarked, row.sections.values()), *last]


def _defused(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def excel(rows: Sequence[CaseRow], language: str, _day: str) -> bytes:
    """Return cases as an Excel workbook with one sheet: a header that stays, filters, links that can be clicked."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    say = Labels("export", language)
    book = Workbook()
    book.properties.title, book.properties.creator = say("cases-title"), "Tillit"
    sheet = book.active
    sheet.title = say("cases")
    columns = [*_FACTS, *(rows[0].sections if rows else ()), *_LAST]
    for line, cells in enumerate((_header(rows, language), *map(_cells, rows)), 1):
        for column, text in enumerate(cells, 1):
            cell = sheet.cell(line, column, _fitting(text))
            cell.data_type = "s"  # whatever the text looks like: no formula, no error
            if line == 1:
                cell.font = Font(bold=True)
            elif columns[column - 1] == "year" and _YEAR.fullmatch(text):
                cell.value = int(text)
            elif columns[column - 1] == "url" and (url := web_address(text)):
                cell.hyperlink, cell.style = url, "Hyperlink"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    _lay_out(sheet, columns)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _lay_out(sheet: Worksheet, columns: Sequence[str]) -> None:
    """Set how a sheet is read and printed: widths, the header in view, landscape pages as wide as the sheet."""
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(columns, 1):
        width = _WIDTHS.get(name, _WIDTH if name in _FACTS else _TEXT_WIDTH)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 2]} …"


def word(rows: Sequence[CaseRow], language: str, day: str) -> bytes:
    """Return cases, exported on `day` (ISO), as a Word file with a section for each. Raises `ExportError`."""
    say = Labels("export", language)
    blocks = [block for row in rows for block in _section(row, say)] or [paragraph(words(say("none-chosen")))]
    return as_word([_about(say, day), *blocks], say("cases-title"), language, day)


def _section(row: CaseRow, say: Labels) -> Iterator[Node]:
    yield heading(1, row.title)
    values = {name: getattr(row, name) for name in (*_FACTS, *_LAST) if name != "title"}
    url = web_address(row.url)
    shown = {name: [link(url)] if url and name == "url" else words(text) for name, text in values.items()}
    yield facts_table((say(name), inlines) for name, inlines in shown.items() if inlines)
    for name, text in row.sections.items():
        if text:
            yield heading(2, name)
            yield from quoted(text)


def _about(say: Labels, day: str) -> Node:
    """Return the line below a title: the day in words, and what Tillit is."""
    made = date.fromisoformat(day)
    month = say("months").split()[made.month - 1]
    return small(words(say("cases-about", date=say("date", day=made.day, month=month, year=made.year))))


def comparison(compared: Comparison, language: str, day: str) -> bytes:
    """Return cases side by side, exported on `day` (ISO), as a Word file that lies. Raises `ExportError`."""
    say = Labels("export", language)
    kind = compared.kind
    filters = "; ".join(compared.filters)
    title = say(f"compared-{kind}-of", filters=filters) if filters else say(f"compared-{kind}", n=len(compared.titles))
    facts = [
        (name, [[_line(words(text or "–"))] for text in cells]) for name, cells in (*compared.facts, compared.whose)
    ]
    told = [(name, [*map(_told, cells, compared.languages)]) for name, cells in compared.sections]
    table = side_by_side(compared.titles, [*facts[:-1], *told, facts[-1]], _NAMED)
    sources = bullets(_source(each) for each in compared.sources)
    return as_word([_about(say, day), table, heading(1, say("sources")), sources], title, language, day, landscape=True)


def _told(text: str, language: str) -> list[Node]:
    """Return a section as the blocks of a narrow column, without the indents of lists."""
    lines = [paragraph(words(line)) for line in unmarked(text).split("\n") if line.strip()]
    return in_language(language, lines) or [_line(words("–"))]


def _line(inlines: Sequence[Node]) -> Node:
    return {"t": "Plain", "c": list(inlines)}


def _source(source: Source) -> list[Node]:
    """Return where a case is told: title, publisher and year, and the link to it."""
    lines = [[styled("Strong", words(source.title))]]
    if told := ", ".join(each for each in (source.publisher, source.year) if each):
        lines.append(words(told))
    if url := web_address(source.url):
        lines.append([link(url)])
    return [node for place, line in enumerate(lines) for node in ([LINE_BREAK] * (place > 0) + line)]

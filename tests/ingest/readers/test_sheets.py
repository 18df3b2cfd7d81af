"""A spreadsheet gives the headings, rows and paragraphs that its sheets show; hostile ones give one verdict."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ingest.readers import Reading, TooBigError
from ingest.readers.package import check_package
from ingest.readers.sheets import plain, read, shown_number, shown_time
from tests.ingest.readers.test_slides import ENTITIES, blocks, edited, outcome, replaced

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def book(*rows: tuple[Any, ...], title: str = "Data") -> Workbook:
    """Return a workbook of one sheet with these rows; an empty one stays empty."""
    made = Workbook()
    made.active.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            made.active.cell(number, column).value = value
    return made


def data_of(made: Workbook) -> bytes:
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def records(data: bytes, folder: Path, characters: int = 100_000) -> tuple[str, list[dict[str, Any]]]:
    """Return the verdict on a file and what was written of it."""
    path = folder / "book.xlsx"
    path.write_bytes(data)
    written: list[dict[str, Any]] = []
    reading = Reading(format="xlsx", pages=9, characters=characters, seconds=9, memory=1 << 30, write=written.append)
    return read(path, reading), written


def text_of(made: Workbook, folder: Path) -> str:
    verdict, written = records(data_of(made), folder)
    assert verdict == "ok"
    return written[1]["text"]


def test_regions_are_tables_and_paragraphs(tmp_path):
    text = text_of(
        book(
            ("Trust in four towns",),
            (),
            (None, "Town", None, "A|B"),
            (None, "Oslo", None, 3.0),
            (None, "Malmö\nsouth", None, None),
            (),
            (),
            ("- a note that is no item",),
            ("1. nor this",),
        ),
        tmp_path,
    )
    assert text == (
        "## Data\n\nTrust in four towns\n\n| Town | A\\|B |\n| --- | --- |\n| Oslo | 3 |\n| Malmö south |  |\n\n"
        "\xa0- a note that is no item\n\n\xa01. nor this"
    )
    assert blocks(text) == [
        ("heading", "Data"),
        ("paragraph", "Trust in four towns"),
        ("row", "| Town | A\\|B |"),
        ("row", "| Oslo | 3 |"),
        ("row", "| Malmö south |  |"),
        ("paragraph", "\xa0- a note that is no item"),
        ("paragraph", "\xa01. nor this"),
    ]


def test_lines_above_a_table_are_paragraphs(tmp_path):
    text = text_of(book(("Table 1",), ("Per cent",), ("Town", "Share"), ("Oslo", 1), ("Source: us",)), tmp_path)
    assert blocks(text) == [
        ("heading", "Data"),
        ("paragraph", "Table 1"),
        ("paragraph", "Per cent"),
        ("row", "| Town | Share |"),
        ("row", "| Oslo | 1 |"),
        ("row", "| Source: us |  |"),
    ]


def test_sheets_with_values_have_a_heading_and_hidden_ones_a_note(tmp_path):
    made = book(("one",), title="First #")
    made.create_sheet("Empty")
    hidden = made.create_sheet("## 3")
    hidden["C7"] = "three"
    assert records(data_of(made), tmp_path)[1][1]["notes"] == []
    hidden.sheet_state = "veryHidden"
    _, written = records(data_of(made), tmp_path)
    assert blocks(written[1]["text"]) == [
        ("heading", "First\xa0#"),
        ("paragraph", "one"),
        ("heading", "## 3"),
        ("paragraph", "three"),
    ]
    assert written[1]["notes"] == ["hidden"]


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (3.0, "General", "3"),
        (-0.0, "General", "0"),
        (12345678901234567890, "General", "12345678901234567890"),
        (1 / 3, "0.00", "0.3333333333"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789012.5, "General", "123456789012.5"),
        (0.00001234, "General", "0.00001234"),
        (1.5e300, "General", "1.5e+300"),
        (0.125, "0.0%", "12.5 %"),
        (0.07, "0 %", "7 %"),
        (1, '0"%"', "1"),
        (3, r"0\%", "3"),
        (301, "0000", "0301"),
        (3, "0", "3"),
    ],
)
def test_numbers_are_shown_as_a_reader_sees_them(value, code, expected):
    assert shown_number(value, code) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2020, 5, 1), "2020-05-01"),
        (datetime(2020, 5, 1), "2020-05-01"),
        (datetime(2020, 5, 1, 13, 5), "2020-05-01 13:05"),
        (time(13, 5, 9), "13:05:09"),
        (timedelta(hours=30, minutes=2), "30:02"),
        (timedelta(seconds=61), "0:01:01"),
    ],
)
def test_times_are_shown_as_iso(value, expected):
    assert shown_time(value) == expected


def test_cells_of_every_kind(tmp_path):
    made = book(("kind", "value"), ("yes", True), ("no", False), ("date", date(2020, 5, 1)), ("error", "#N/A"))
    sheet = made.active
    sheet["A6"], sheet["B6"] = "share", 0.125
    sheet["B6"].number_format = "0.0%"
    sheet["A7"], sheet["B7"] = "sum", "=1+1"
    sheet["A8"], sheet["B8"] = "merged", "once"
    sheet.merge_cells("B8:D8")
    assert text_of(made, tmp_path).splitlines()[4:] == [
        "| yes | TRUE |",
        "| no | FALSE |",
        "| date | 2020-05-01 |",
        "| error |  |",
        "| share | 12.5 % |",
        "| sum |  |",
        "| merged | once |",
    ]


def test_a_formula_gives_the_value_that_was_stored(tmp_path):
    data = edited(
        data_of(book(("=40+2",))), lambda _, old: old.replace(b"<v></v>", b"<v>42</v>").replace(b"<v />", b"<v>42</v>")
    )
    assert records(data, tmp_path)[1][1]["text"] == "## Data\n\n42"


def test_raised_digits_stay_raised(tmp_path):
    raised = '<r><rPr><vertAlign val="{}"/></rPr><t>{}</t></r>'
    runs = f"<r><t>Trust in 12</t></r>{raised.format('superscript', 1)}<r><t> of CO</t></r>"
    strings = f"<si>{runs}{raised.format('subscript', 2)}</si><si><t>plain_x000D_</t></si>"
    _, written = records(with_strings(strings), tmp_path)
    assert written[1]["text"] == "## Data\n\n| Trust in 12¹ of CO2 | plain |\n| --- | --- |"


def test_control_characters_are_blanks():
    assert plain("a_x000D_\nb_x0041_") == "a b_x0041_"


def test_properties_are_those_of_the_file(tmp_path):
    made = book(("a",))
    made.properties.title, made.properties.created = "Trust", datetime(2021, 3, 4)
    data = data_of(made)
    assert records(data, tmp_path)[1][0] == {"pages": 1, "title": "Trust", "created": "2021-03-04T00:00:00"}
    assert records(replaced(data, "docProps/core.xml", None), tmp_path)[1][0]["created"] == ""


def sheet(rows: str, dimension: str = "") -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{dimension}<sheetData>{rows}</sheetData></worksheet>"
    ).encode()


def cell(place: str, value: object) -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


def test_what_a_file_says_of_its_size_is_not_believed(tmp_path):
    rows = f'<row r="1">{cell("A1", 1)}</row><row r="3">{cell("B3", 2)}</row>'
    for said in ("A1:XFD1048576", "A1:A1", "C9:D10"):
        data = replaced(data_of(book(("x",))), SHEET, sheet(rows, f'<dimension ref="{said}"/>'))
        found = outcome(tmp_path / "a.xlsx", data)
        assert found[1] == ("## Data\n\n1\n\n2",)


def test_a_sheet_ends_where_a_thousand_rows_are_empty(tmp_path):
    rows = "".join(f'<row r="{row}">{cell(f"A{row}", row)}</row>' for row in (1, 1001, 1_048_576))
    assert records(replaced(data_of(book(("x",))), SHEET, sheet(rows)), tmp_path)[1][1]["text"] == (
        "## Data\n\n1\n\n1001"
    )


def test_many_rows_are_bounded(tmp_path):
    rows = "".join(f"<row>{cell(f'A{row}', row)}{cell(f'B{row}', row)}</row>" for row in range(1, 200_001))
    data = replaced(data_of(book(("x",))), SHEET, sheet(rows, '<dimension ref="A1:B200000"/>'))
    assert outcome(tmp_path / "a.xlsx", data) == "too-big"


def test_a_thin_table_of_far_columns_is_too_big(tmp_path):
    rows = "".join(
        f'<row r="{row}"><c r="{"ABCDEFGHIJ"[row % 10]}{"A" * (row % 2)}{row}"><v>1</v></c></row>'
        for row in range(1, 3000)
    )
    with pytest.raises(TooBigError):
        records(replaced(data_of(book(("x",))), SHEET, sheet(rows)), tmp_path, characters=50_000)


def with_strings(strings: str, declared: str = "") -> bytes:
    """Return a workbook with a row of two cells, which have the first two of these strings."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'.encode()
    places = "".join(f'<c r="{column}1" t="s"><v>{number}</v></c>' for number, column in enumerate("AB"))
    data = replaced(data_of(book(("x",))), SHEET, sheet(f'<row r="1">{places}</row>'))
    data = edited(data, lambda name, old: old.replace(b"</Types>", override) if name.startswith("[") else old)
    stream = BytesIO(data)
    with zipfile.ZipFile(stream, "a") as package:
        namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        package.writestr(STRINGS, f"<?xml version='1.0'?>{declared}<sst xmlns='{namespace}'>{strings}</sst>")
    return stream.getvalue()


def two() -> bytes:
    made = book(("kept",))
    made.create_sheet("Second")["A1"] = "second"
    return data_of(made)


def test_a_sheet_that_breaks_off_gives_what_was_read(tmp_path):
    rows = f'<row r="1">{cell("A1", 1)}</row><row r="2">{cell("A2", "none")}</row>'
    found = outcome(tmp_path / "a.xlsx", replaced(two(), SHEET, sheet(rows)))
    assert found[:2] == ("partial", ("## Data\n\n1\n\n## Second\n\nsecond",))


@pytest.mark.parametrize("member", ["xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"])
def test_a_broken_main_part_makes_a_file_malformed(member, tmp_path):
    assert outcome(tmp_path / "a.xlsx", replaced(two(), member, b"<a")) == "malformed"


def test_a_sheet_whose_part_is_missing_is_left_out(tmp_path):
    found = outcome(tmp_path / "a.xlsx", replaced(two(), SHEET, None))
    assert found[1] == ("## Second\n\nsecond",)


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.99])
def test_a_truncated_file_is_malformed(kept, tmp_path):
    data = two()
    assert outcome(tmp_path / "a.xlsx", data[: int(len(data) * kept)]) == "malformed"


def test_an_empty_workbook_has_no_text(tmp_path):
    assert outcome(tmp_path / "a.xlsx", data_of(Workbook())) == "no-text"


def test_entities_are_not_expanded(tmp_path):
    data = with_strings("<si><t>&e9;</t></si>", f"<!DOCTYPE sst [{ENTITIES}]>")
    assert outcome(tmp_path / "a.xlsx", data) == "malformed"


def test_a_string_that_is_not_there_breaks_its_sheet_off(tmp_path):
    assert outcome(tmp_path / "a.xlsx", with_strings("<si><t>a</t></si>")) == "malformed"


def test_a_sheet_that_unpacks_to_too_much_is_too_big(tmp_path):
    data = replaced(two(), SHEET, sheet(" " * 30_000_000))
    assert len(data) < 100_000
    assert outcome(tmp_path / "a.xlsx", data) == "too-big"


def stored(folder: Path, *sizes: int, said: int | None = None) -> Path:
    """Return a package of members of zeros; its directory may say of the first that it has `said` bytes."""
    path = folder / "some.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number, size in enumerate(sizes):
            package.writestr(str(number), b"\0" * size)
        if said is not None:
            package.infolist()[0].file_size = said
    return path


def test_small_packages_pass(tmp_path):
    check_package(stored(tmp_path, 1000, 20_000_000))


def test_packages_that_unpack_to_too_much_are_told_by_their_directory(tmp_path):
    for path in (stored(tmp_path, 20_000_001), stored(tmp_path, 1, said=200_000_001)):
        with pytest.raises(TooBigError):
            check_package(path)


def test_what_is_no_package_is_refused(tmp_path):
    path = tmp_path / "some.zip"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 50)
    with pytest.raises(ValueError, match="not a ZIP package"):
        check_package(path)
